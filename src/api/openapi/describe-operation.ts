import type { z } from 'zod'
import { requestHeaders, type RequestHeader } from '../../protocol/http-headers.ts'
import type { Examples, Operation, OperationAnswer, OperationContent } from '../../protocol/operation.ts'
import type { Components } from './components.ts'
import { describeProblems } from './describe-problems.ts'

/** An operation as OpenAPI writes it. */
export function describeOperation(operation: Operation, components: Components): object {
  const { operationId, tag, summary, description, security, body, readerMessage, answers } = operation
  const parameters = parametersOf(operation, components)
  const served = Object.entries(answers).map(([status, answer]): [string, object] => [
    status,
    describeAnswer(answer, components),
  ])
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: security === undefined ? [] : securityOf[security],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: !body.schema.safeParse({}).success,
        content: { 'application/json': describeContent(body, components) },
      },
    }),
    responses: { ...Object.fromEntries(served), ...describeProblems(operation, components) },
    ...(readerMessage && { 'x-reader-message': components.schema(readerMessage) }),
  }
}

const securityOf = {
  'key-or-session': [{ key: [] }, { session: [] }],
  'metrics-token': [{ metricsToken: [] }, {}],
  'partner-key': [{ partnerKey: [] }],
  'partner-or-none': [{ partnerKey: [] }, { partnerToken: [] }, {}],
  'document-reader': [{ partnerKey: [] }, { partnerPassword: [] }, { partnerToken: [] }, {}],
}

function describeAnswer({ description, headers = [], content }: OperationAnswer, components: Components) {
  return {
    description,
    ...(headers.length > 0 && { headers: components.headers(headers, true) }),
    ...(content && {
      content: Object.fromEntries(
        Object.entries(content).map(([type, each]) => [type, describeContent(each, components)]),
      ),
    }),
  }
}

/** A stream is described as the array of its frames, as OpenAPI 3.2 does; 3.1 has no word for it. */
function describeContent({ schema, isStream, examples }: OperationContent, components: Components): object {
  const described = schema ? components.schema(schema) : { type: 'string' }
  return {
    schema: isStream ? { type: 'array', items: described } : described,
    ...(examples && { examples: withoutUndefined(examples) }),
  }
}

function withoutUndefined(examples: Examples): object {
  return JSON.parse(JSON.stringify(examples)) as object
}

function parametersOf({ path, query, headers = {} }: Operation, components: Components): object[] {
  return [
    ...Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) => queryParameter(name, schema, components)),
    ...Object.entries(headers).map(([name, need]) => headerParameter(name as RequestHeader, need)),
  ]
}

function queryParameter(name: string, schema: z.ZodType, components: Components): object {
  const { description, ...described } = components.schema(schema) as { description?: string }
  const required = !schema.safeParse(undefined).success
  return { name, in: 'query', required, ...(description !== undefined && { description }), schema: described }
}

function headerParameter(name: RequestHeader, need: 'required' | 'optional'): object {
  const { description, example } = requestHeaders[name]
  return {
    name,
    in: 'header',
    required: need === 'required',
    description,
    schema: { type: 'string' },
    example,
  }
}
