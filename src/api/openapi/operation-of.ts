import type { AnswerHeader } from '../../protocol/http-headers.ts'
import type { Examples, Operation, OperationAnswer } from '../../protocol/operation.ts'
import type { ProblemCode } from '../../protocol/problems.ts'
import type { Route, RouteAnswer } from '../http/route.ts'
import { editorExamples } from './editor-examples.ts'

/** A route of the api as an operation: with the headers and problems that all routes have in common. */
export function operationOf(route: Route): Operation {
  const { method, path, operationId, tag, summary, role, query, body } = route
  const examples = editorExamples[operationId]
  return {
    method,
    path,
    operationId,
    tag,
    side: 'editors',
    summary,
    description: needOf(role),
    ...(role !== 'anybody' && { security: role === 'partner' ? 'partner-key' : 'key-or-session' }),
    ...(query && { query }),
    headers: headersOf(route),
    ...(body && { body: { schema: body, examples: examples?.body } }),
    answers: Object.fromEntries(
      Object.entries(route.answers).map(([status, answer]) => [
        status,
        answerOf(answer, route, examples?.answers?.[Number(status)]),
      ]),
    ),
    problems: problemsOf(route),
  }
}

const everyAnswer = ['X-Request-Id', 'Flashline-Durability'] as const satisfies readonly AnswerHeader[]
const limits = ['RateLimit', 'RateLimit-Policy'] as const satisfies readonly AnswerHeader[]

const everywhere: readonly ProblemCode[] = [
  'malformed-request',
  'too-many-requests',
  'internal-error',
  'log-unavailable',
  'record-damaged',
]
const withBody: readonly ProblemCode[] = [
  'malformed-json',
  'body-too-large',
  'unsupported-media-type',
  'invalid-body',
]

function problemsOf(route: Route): ProblemCode[] {
  return [
    ...everywhere,
    ...callerProblems(route),
    ...(route.body ? withBody : []),
    ...(route.ifMatch === 'required' ? (['precondition-required'] as const) : []),
    ...(route.idempotent ? (['idempotency-key-reused'] as const) : []),
    ...route.problems,
  ]
}

function callerProblems({ role, method }: Route): ProblemCode[] {
  if (role === 'partner') return ['partner-refused']
  return [
    ...(role === 'anybody' ? [] : (['unauthenticated'] as const)),
    ...(role === 'anybody' || role === 'signed-in' ? [] : (['forbidden'] as const)),
    ...(method === 'get' ? [] : (['csrf-refused'] as const)),
  ]
}

function needOf(role: Route['role']): string {
  if (role === 'anybody') return 'Needs no key.'
  if (role === 'partner') return 'Needs the key of a partner.'
  return role === 'signed-in' ? 'Needs a key or a session.' : `Needs the role ${role} or more.`
}

function headersOf({ method, role, ifMatch, idempotent, headers }: Route): NonNullable<Operation['headers']> {
  return {
    ...(ifMatch && { 'If-Match': ifMatch }),
    ...(idempotent && { 'Idempotency-Key': 'optional' }),
    ...(method !== 'get' && role !== 'anybody' && role !== 'partner' && { 'X-CSRF-Token': 'optional' }),
    ...headers,
  }
}

function answerOf(
  { description, schema, stream, content, headers = [] }: RouteAnswer,
  { unlimited }: Route,
  examples: Examples | undefined,
): OperationAnswer {
  return {
    description,
    headers: ['Cache-Control', ...everyAnswer, ...(unlimited ? [] : limits), ...headers],
    ...(schema && { content: { 'application/json': { schema, examples } } }),
    ...(content && { content }),
    ...(stream && { content: { 'text/event-stream': { schema: stream, isStream: true, examples } } }),
  }
}
