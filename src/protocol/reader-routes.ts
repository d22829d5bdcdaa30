import { z } from 'zod'
import { ackSchema } from './ack.ts'
import { feedListSchema, frameSchema, pageSchema, snapshotSchema } from './frame-schemas.ts'
import { filterSchema } from './filter.ts'
import { formats } from './lists/formats.ts'
import { oembedSchema } from './oembed.ts'
import type { Operation, OperationContent } from './operation.ts'
import { storedPresentationSchema } from './presentation.ts'
import type { ProblemCode } from './problems.ts'
import { eventExamples, pageExamples, snapshotExamples } from './reader-examples.ts'
import {
  acksQuery,
  builderQuery,
  documentQuery,
  drillQuery,
  fragmentQuery,
  frameQuery,
  lastEventIdQuery,
  oembedQuery,
  pageQuery,
  partsQuery,
  positionQuery,
  readerKeyQuery,
  tokenQuery,
} from './reader-queries.ts'

/** Problems of every request of a reader. */
const usual = ['malformed-request', 'internal-error'] as const satisfies readonly ProblemCode[]
const ofPartner = ['partner-refused', 'origin-refused', 'too-many-requests'] as const
const ofFeed = ['invalid-query', 'no-such-feed', 'feed-loading', 'filter-refused', ...ofPartner] as const
const admission = [
  'unknown-reader-key',
  'too-many-connections',
  'reader-key-full',
  'server-busy',
  'server-full',
  'draining',
] as const satisfies readonly ProblemCode[]

const shared = [
  'Cache-Control',
  'Vary',
  'Access-Control-Allow-Origin',
  'Access-Control-Expose-Headers',
  'RateLimit',
  'RateLimit-Policy',
] as const
const ofFrame = ['Cache-Control', 'ETag', 'Vary', 'RateLimit', 'RateLimit-Policy'] as const
/** A feed for partners needs a key or token; every other one is for all. */
const security = 'partner-or-none'
const notModified = {
  description: 'Nothing has changed since the answer that you hold',
  headers: [...shared, 'ETag'],
} as const

const jwksSchema = z.object({
  keys: z.array(
    z.object({
      kid: z.string(),
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string(),
      alg: z.literal('EdDSA'),
      use: z.literal('sig'),
    }),
  ),
})

const page: Readonly<Record<string, OperationContent>> = { 'text/html': {} }

function json(schema: z.ZodType, examples?: OperationContent['examples']) {
  return { 'application/json': { schema, examples } }
}

/** Documents are described by the standards of their formats. */
const documents: Readonly<Record<string, OperationContent>> = Object.fromEntries(
  Object.values(formats).map(({ type }) => {
    const [name = ''] = type.split(';')
    if (!/json(ld)?$/.test(name)) return [name, {}]
    return [name, { schema: z.looseObject({}), ...(name.endsWith('x-ndjson') && { isStream: true }) }]
  }),
)

const document = {
  security: 'document-reader',
  query: filterSchema.extend({ ...documentQuery.shape, ...drillQuery.shape, ...tokenQuery.shape }),
  headers: { 'If-None-Match': 'optional', 'If-Modified-Since': 'optional' },
  answers: {
    200: {
      description: 'The document. `{format}` is the name of its format, for example `feed.json`',
      headers: [...shared, 'ETag', 'Content-Encoding', 'Link'],
      content: documents,
    },
    304: { ...notModified, headers: [...notModified.headers, 'Link'] },
  },
} as const

/** The routes of readers: the gateway serves this table, and the OpenAPI description is made from it. */
export const readerRoutes = {
  feeds: {
    method: 'get',
    path: '/v1/feeds',
    operationId: 'listFeeds',
    tag: 'read',
    side: 'readers',
    summary: 'List the feeds',
    security,
    query: tokenQuery,
    answers: {
      200: {
        description: 'All feeds; with a key or token, those of the partner',
        headers: shared,
        content: json(feedListSchema),
      },
    },
    problems: [...usual, ...ofPartner, 'feed-loading'],
  },
  jwks: {
    method: 'get',
    path: '/.well-known/jwks.json',
    operationId: 'getTokenKeys',
    tag: 'partners',
    side: 'readers',
    summary: "The public keys of partners' tokens",
    answers: {
      200: {
        description: 'A JSON Web Key Set (RFC 7517) of Ed25519 keys',
        headers: shared,
        content: json(jwksSchema),
      },
    },
    problems: [...usual, ...ofPartner, 'feed-loading'],
  },
  snapshot: {
    method: 'get',
    path: '/v1/feeds/{feed}',
    operationId: 'getSnapshot',
    tag: 'read',
    side: 'readers',
    summary: 'The headlines that show now',
    security,
    query: filterSchema.extend({ ...drillQuery.shape, ...tokenQuery.shape }),
    headers: { 'If-None-Match': 'optional' },
    answers: {
      200: {
        description: 'The strip',
        headers: [...shared, 'ETag', 'Link'],
        content: json(snapshotSchema, snapshotExamples),
      },
      304: { ...notModified, headers: [...notModified.headers, 'Link'] },
    },
    problems: [...usual, ...ofFeed],
  },
  words: {
    method: 'get',
    path: '/v1/feeds/{feed}/words',
    operationId: 'getWords',
    tag: 'read',
    side: 'readers',
    summary: "The feed's own words, labels and digits",
    security,
    query: drillQuery.extend(tokenQuery.shape),
    headers: { 'If-None-Match': 'optional' },
    answers: {
      200: {
        description: 'What the newsroom has set; `version` is 0 if that is nothing',
        headers: [...shared, 'ETag'],
        content: json(storedPresentationSchema),
      },
      304: notModified,
    },
    problems: [...usual, ...ofFeed],
  },
  events: {
    method: 'get',
    path: '/v1/feeds/{feed}/events',
    operationId: 'getEvents',
    tag: 'read',
    side: 'readers',
    summary: 'What follows a position: a page, a long poll, or a stream with `Accept: text/event-stream`',
    security,
    query: filterSchema.extend({
      ...positionQuery.shape,
      ...lastEventIdQuery.shape,
      ...pageQuery.shape,
      ...partsQuery.shape,
      ...readerKeyQuery.shape,
      ...drillQuery.shape,
      ...tokenQuery.shape,
    }),
    headers: { 'Last-Event-ID': 'optional' },
    answers: {
      200: {
        description: 'A page; as a stream, each `data:` line is one frame',
        headers: shared,
        content: {
          ...json(pageSchema, pageExamples),
          'text/event-stream': { schema: frameSchema, isStream: true, examples: eventExamples },
        },
      },
    },
    problems: [...usual, ...ofFeed, 'invalid-position', ...admission],
  },
  live: {
    method: 'get',
    path: '/v1/feeds/{feed}/live',
    operationId: 'followLive',
    tag: 'read',
    side: 'readers',
    summary: 'The stream as a WebSocket',
    description:
      'Each text message is one `Frame`. With `acks=1` the reader may send `Acknowledgement`, and nothing else.',
    security,
    query: filterSchema.extend({
      ...positionQuery.shape,
      ...acksQuery.shape,
      ...partsQuery.shape,
      ...readerKeyQuery.shape,
      ...drillQuery.shape,
      ...tokenQuery.shape,
    }),
    readerMessage: ackSchema,
    answers: {
      101: {
        description: 'Switched to WebSocket: frames follow, each one text message',
        headers: ['Upgrade'],
        content: { 'application/json': { schema: frameSchema, isStream: true, examples: eventExamples } },
      },
    },
    problems: [
      ...usual,
      ...ofFeed,
      'invalid-position',
      ...admission,
      'upgrade-required',
      // A handshake is looked at apart, before any route.
      'no-such-route',
      'method-not-allowed',
    ],
  },
  fragment: {
    method: 'get',
    path: '/v1/feeds/{feed}/strip.html',
    operationId: 'getStripHtml',
    tag: 'embeds',
    side: 'readers',
    summary: 'The headlines that show now as a piece of HTML, for server-side includes',
    security,
    query: filterSchema.extend({ ...fragmentQuery.shape, ...drillQuery.shape, ...tokenQuery.shape }),
    headers: { 'If-None-Match': 'optional' },
    answers: {
      200: {
        description: 'The headlines, or a word about there being none',
        headers: [...shared, 'ETag'],
        content: page,
      },
      304: notModified,
    },
    problems: [...usual, ...ofFeed],
  },
  document: {
    ...document,
    method: 'get',
    path: '/feeds/{feed}/{format}',
    operationId: 'getDocument',
    tag: 'formats',
    side: 'readers',
    summary: 'A feed in a format of other programs',
    problems: [...usual, 'origin-refused', ...ofFeed, 'no-such-format', 'no-such-projection'],
  },
  headlineDocument: {
    ...document,
    method: 'get',
    path: '/feeds/{feed}/headlines/{id}/{format}',
    operationId: 'getHeadlineDocument',
    tag: 'formats',
    side: 'readers',
    summary: 'One headline in a format of other programs',
    problems: [
      ...usual,
      'origin-refused',
      ...ofFeed,
      'no-such-headline',
      'no-such-format',
      'no-such-projection',
    ],
  },
  builder: {
    method: 'get',
    path: '/embed',
    operationId: 'getEmbedBuilder',
    tag: 'embeds',
    side: 'service',
    summary: 'A page on which an embed is put together',
    query: frameQuery.extend(builderQuery.shape),
    answers: {
      200: { description: 'The page', headers: ['Cache-Control'], content: page },
      304: { description: 'The page that you hold is the present one', headers: ['Cache-Control'] },
    },
    problems: usual,
  },
  frame: {
    method: 'get',
    path: '/embed/{feed}',
    operationId: 'getFrame',
    tag: 'embeds',
    side: 'frames',
    summary: 'The page of a frame: the headlines that show now, kept live. A refusal is a page, too',
    security,
    query: frameQuery.extend({ ...drillQuery.shape, ...tokenQuery.shape }),
    headers: { 'If-None-Match': 'optional' },
    answers: {
      200: { description: 'The page', headers: ofFrame, content: page },
      304: { description: 'The page that you hold is the present one', headers: ofFrame },
    },
    problems: [...usual, ...ofFeed],
  },
  oembed: {
    method: 'get',
    path: '/oembed',
    operationId: 'getOEmbed',
    tag: 'embeds',
    side: 'readers',
    summary: 'The frame at an address, as oEmbed 1.0 describes it',
    security,
    query: oembedQuery.extend({ ...drillQuery.shape, ...tokenQuery.shape }),
    answers: {
      200: { description: 'An answer of the type `rich`', headers: shared, content: json(oembedSchema) },
    },
    problems: [...usual, ...ofFeed, 'not-embeddable', 'format-not-served'],
  },
} as const satisfies Readonly<Record<string, Operation>>

/** A browser asks at these routes whether a page of another site may send headers that resume or revalidate. */
export const preflightRoutes = [
  preflightOf(readerRoutes.feeds, 'askToListFeeds'),
  preflightOf(readerRoutes.snapshot, 'askToGetSnapshot'),
  preflightOf(readerRoutes.words, 'askToGetWords'),
  preflightOf(readerRoutes.events, 'askToGetEvents'),
  preflightOf(readerRoutes.fragment, 'askToGetStripHtml'),
  preflightOf(readerRoutes.document, 'askToGetDocument', ['no-such-format']),
  preflightOf(readerRoutes.headlineDocument, 'askToGetHeadlineDocument', ['no-such-format']),
] as const

function preflightOf(
  { path, tag, query }: Pick<Operation, 'path' | 'tag' | 'query'>,
  operationId: string,
  problems: readonly ProblemCode[] = [],
): Operation {
  return {
    method: 'options',
    path,
    operationId,
    tag,
    side: 'readers',
    summary: 'The preflight of a browser for a page of another site',
    // It has the address of the request that it asks about.
    ...(query && { query }),
    answers: {
      204: {
        description: 'The page may read',
        headers: [
          'Vary',
          'Access-Control-Allow-Origin',
          'Access-Control-Allow-Methods',
          'Access-Control-Allow-Headers',
          'Access-Control-Max-Age',
        ],
      },
      200: {
        description: 'For a request that is no preflight',
        headers: ['Allow'],
        content: { 'text/plain': {} },
      },
    },
    problems: [...usual, 'origin-refused', ...problems],
  }
}
