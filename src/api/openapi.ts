import { z } from 'zod'
import { embedModes, embedThemes } from '../protocol/embed.ts'
import { urgencies } from '../protocol/headline.ts'
import { problems, type ProblemCode } from '../protocol/problems.ts'
import { readerPaths } from './http/reader-paths.ts'
import type { Route } from './http/route.ts'

/** OpenAPI 3.1, made of the routes themselves: what it says is what is served. */
export function describeApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const path of readerPaths) paths[path] = { get: readerOperations[path] }
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Flashline',
      version: '1',
      description: 'Breaking lines, in one order. PROTOCOL.md has the frames and how a reader folds them.',
    },
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: '`fl_<id>_<secret>`' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'flashline',
          description: 'Over https `__Host-flashline`. What changes something takes `X-CSRF-Token` too',
        },
      },
      schemas: { Problem: problemSchema },
    },
  }
}

const everywhere: readonly ProblemCode[] = ['too-many-requests', 'internal-error', 'log-unavailable']
const withBody: readonly ProblemCode[] = [
  'malformed-json',
  'body-too-large',
  'unsupported-media-type',
  'invalid-body',
]

function operationOf(route: Route): object {
  const codes = [
    ...everywhere,
    ...(route.role === 'anybody' ? [] : (['unauthenticated'] as const)),
    ...(route.role === 'anybody' || route.role === 'signed-in' ? [] : (['forbidden'] as const)),
    ...(route.method === 'get' ? [] : (['csrf-refused'] as const)),
    ...(route.body ? withBody : []),
    ...(route.ifMatch || route.idempotent ? (['malformed-request'] as const) : []),
    ...(route.ifMatch === 'required' ? (['precondition-required'] as const) : []),
    ...(route.idempotent ? (['idempotency-key-reused'] as const) : []),
    ...route.problems,
  ]
  return {
    summary: route.summary,
    description: needOf(route.role),
    security: route.role === 'anybody' ? [] : [{ key: [] }, { session: [] }],
    parameters: [...pathParameters(route.path), ...queryParameters(route), ...headerParameters(route)],
    ...(route.body && {
      requestBody: { required: !route.body.safeParse({}).success, content: json(route.body) },
    }),
    responses: { ...answersOf(route), ...problemResponses(codes) },
  }
}

function needOf(role: Route['role']): string {
  if (role === 'anybody') return 'Needs no key.'
  return role === 'signed-in' ? 'Needs a key or a session.' : `Needs the role ${role} or more.`
}

function answersOf({ answers }: Route): object {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, stream }]) => [
      status,
      {
        description,
        ...(schema && { content: json(schema) }),
        ...(stream && { content: { 'text/event-stream': { schema: { type: 'string' } } } }),
      },
    ]),
  )
}

function json(schema: z.ZodType): object {
  return { 'application/json': { schema: jsonSchema(schema) } }
}

function jsonSchema(schema: z.core.$ZodType): object {
  // Our transformations keep the JSON type, which zod cannot know: so the input describes answers too.
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: 'input' })
  return described
}

function pathParameters(path: string): object[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters({ query }: Route): object[] {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: jsonSchema(schema),
  }))
}

function headerParameters({ ifMatch, idempotent }: Route): object[] {
  const header = (name: string, required: boolean, description: string) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
  })
  return [
    ...(ifMatch ? [header('If-Match', ifMatch === 'required', 'ETag of the version that you saw')] : []),
    ...(idempotent
      ? [
          header(
            'Idempotency-Key',
            false,
            '1 to 200 printable characters; the same request within 24 h takes effect once',
          ),
        ]
      : []),
  ]
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', description: '`/problems/<code>`' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { enum: Object.keys(problems) },
    detail: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          field: { type: 'string', description: 'JSON pointer' },
          message: { type: 'string' },
        },
      },
    },
  },
}

function problemResponses(codes: readonly ProblemCode[]): object {
  const allStatuses = [...new Set(codes.map((code) => problems[code].status))]
  const withStatus = (status: number) => codes.filter((code) => problems[code].status === status)
  return Object.fromEntries(
    allStatuses.map((status) => [
      status,
      {
        description: withStatus(status)
          .map((code) => `\`${code}\`: ${problems[code].title}.`)
          .join(' '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

const feed = pathParameters('{feed}')
const after = {
  name: 'after',
  in: 'query',
  schema: { type: 'string' },
  description: 'A position, `epoch:seq`',
}

const filters = [
  {
    name: 'section',
    in: 'query',
    schema: { type: 'string' },
    description: 'Slugs, with commas between them',
  },
  { name: 'region', in: 'query', schema: { type: 'string' }, description: 'Slugs, with commas between them' },
  choice('urgency', urgencies),
]
const max = {
  name: 'max',
  in: 'query',
  schema: { type: 'integer', minimum: 1, maximum: 200 },
  description: 'Most lines',
}

function choice(name: string, values: readonly string[]): object {
  return { name, in: 'query', schema: { enum: values } }
}

function page(description: string): object {
  return { description, content: { 'text/html': { schema: { type: 'string' } } } }
}

const oembedSchema = {
  type: 'object',
  required: [
    'version',
    'type',
    'title',
    'provider_name',
    'provider_url',
    'cache_age',
    'width',
    'height',
    'html',
  ],
  properties: {
    version: { const: '1.0' },
    type: { const: 'rich' },
    title: { type: 'string' },
    provider_name: { type: 'string' },
    provider_url: { type: 'string' },
    cache_age: { type: 'integer' },
    width: { type: 'integer' },
    height: { type: 'integer' },
    html: { type: 'string' },
  },
}

const readerOperations: Record<(typeof readerPaths)[number], object> = {
  '/v1/feeds': { summary: 'List the feeds', responses: { 200: { description: 'The feeds' } } },
  '/v1/feeds/{feed}': {
    summary: 'The lines showing now',
    parameters: feed,
    responses: { 200: { description: 'Snapshot' }, ...problemResponses(['no-such-feed', 'feed-loading']) },
  },
  '/v1/feeds/{feed}/events': {
    summary: 'What follows a position: a page, a long poll, or a stream with `Accept: text/event-stream`',
    parameters: [...feed, after],
    responses: { 200: { description: 'Events' }, ...problemResponses(['invalid-position', 'no-such-feed']) },
  },
  '/v1/feeds/{feed}/live': {
    summary: 'The same as a WebSocket',
    parameters: [...feed, after],
    responses: {
      101: { description: 'Frames follow' },
      ...problemResponses(['invalid-position', 'no-such-feed', 'upgrade-required']),
    },
  },
  '/v1/feeds/{feed}/strip.html': {
    summary: 'The lines showing now as a piece of HTML, for server-side includes',
    parameters: [...feed, ...filters, max],
    responses: {
      200: page('The lines'),
      ...problemResponses(['invalid-query', 'no-such-feed', 'feed-loading']),
    },
  },
  '/embed': {
    summary: 'A page on which an embed is put together',
    responses: { 200: page('The page') },
  },
  '/embed/{feed}': {
    summary: 'The page of a frame: the lines showing now, kept live. What is refused is said in HTML, too',
    parameters: [
      ...feed,
      ...filters,
      max,
      choice('mode', embedModes),
      choice('theme', embedThemes),
      choice('dir', ['ltr', 'rtl']),
      { name: 'lang', in: 'query', schema: { type: 'string' }, description: 'BCP 47' },
    ],
    responses: {
      200: page('The page'),
      400: page('The query does not fit'),
      404: page('There is no such feed'),
      503: page('The feed is being loaded'),
    },
  },
  '/oembed': {
    summary: 'The frame at an address, as oEmbed 1.0 describes it',
    parameters: [
      { name: 'url', in: 'query', required: true, schema: { type: 'string' } },
      { name: 'maxwidth', in: 'query', schema: { type: 'integer', minimum: 1 } },
      { name: 'maxheight', in: 'query', schema: { type: 'integer', minimum: 1 } },
      choice('format', ['json']),
    ],
    responses: {
      200: {
        description: 'An answer of the type `rich`',
        content: { 'application/json': { schema: oembedSchema } },
      },
      ...problemResponses([
        'invalid-query',
        'not-embeddable',
        'no-such-feed',
        'feed-loading',
        'format-not-served',
      ]),
    },
  },
}
