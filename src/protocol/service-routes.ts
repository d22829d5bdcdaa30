import { z } from 'zod'
import { replications } from './lists/replications.ts'
import type { Operation } from './operation.ts'
import { problems, type ProblemCode } from './problems.ts'

const problemCodes = Object.keys(problems) as ProblemCode[]

/** The api's routes about the contract itself. */
export const contractRoutes = {
  openapi: {
    method: 'get',
    path: '/v1/openapi.json',
    operationId: 'getDescription',
    tag: 'contract',
    side: 'editors',
    summary: 'This description',
    answers: {
      200: {
        description: 'OpenAPI 3.1',
        headers: ['Cache-Control', 'X-Request-Id', 'Flashline-Durability'],
        content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } },
      },
    },
    problems: ['malformed-request', 'internal-error'],
  },
  asyncapi: {
    method: 'get',
    path: '/v1/asyncapi.json',
    operationId: 'getStreamDescription',
    tag: 'contract',
    side: 'editors',
    summary: 'The description of the streams: WebSocket and server-sent events, frame by frame',
    answers: {
      200: {
        description: 'AsyncAPI 3.0',
        headers: ['Cache-Control', 'X-Request-Id', 'Flashline-Durability'],
        content: { 'application/json': { schema: z.looseObject({ asyncapi: z.string() }) } },
      },
    },
    problems: ['malformed-request', 'internal-error'],
  },
  problem: {
    method: 'get',
    path: '/problems/{code}',
    operationId: 'getProblem',
    tag: 'contract',
    side: 'editors',
    summary: 'Read what a problem means and what to do; `type` of a problem is this address',
    answers: {
      200: {
        description: 'The problem',
        headers: ['Cache-Control', 'X-Request-Id', 'Flashline-Durability'],
        content: {
          'application/json': {
            schema: z.object({
              type: z.string(),
              code: z.enum(problemCodes),
              status: z.int(),
              title: z.string(),
              help: z.string(),
            }),
          },
        },
      },
    },
    problems: ['malformed-request', 'no-such-route', 'internal-error'],
  },
} as const satisfies Readonly<Record<string, Operation>>

const readiness = z.object({
  status: z.enum(['ready', 'not-ready']),
  failing: z.array(z.string()).describe('Parts that are not ready'),
  warnings: z.array(z.string()).describe('What an operator should know; requests are served all the same'),
  durability: z.enum(['always', 'everysec', 'no', 'unknown']).optional(),
  replication: z.enum(replications).optional(),
  overdueMs: z
    .int()
    .min(0)
    .optional()
    .describe('Age of the oldest headline or change that should be released by now; 0 for none'),
  archive: z.string().optional().describe('How to mend the archive, where a warning names its fault'),
})
const noStore = ['Cache-Control'] as const

/** Routes for operators; every role serves them. */
export const healthOperations = {
  alive: {
    method: 'get',
    path: '/healthz',
    operationId: 'getLiveness',
    tag: 'operations',
    side: 'service',
    summary: 'See whether the process runs',
    answers: {
      200: {
        description: 'It runs',
        headers: noStore,
        content: { 'application/json': { schema: z.object({ status: z.literal('alive') }) } },
      },
    },
    problems: ['malformed-request', 'internal-error'],
  },
  ready: {
    method: 'get',
    path: '/readyz',
    operationId: 'getReadiness',
    tag: 'operations',
    side: 'service',
    summary: 'See whether the process can serve requests',
    answers: {
      200: {
        description: 'It can',
        headers: noStore,
        content: { 'application/json': { schema: readiness } },
      },
      503: {
        description: 'It cannot, or not yet',
        headers: noStore,
        content: { 'application/json': { schema: readiness } },
      },
    },
    problems: ['malformed-request', 'internal-error'],
  },
  metrics: {
    method: 'get',
    path: '/metrics',
    operationId: 'getMeasurements',
    tag: 'operations',
    side: 'service',
    summary:
      'Measurements in the text format of Prometheus: for this computer as localhost, or with METRICS_TOKEN',
    security: 'metrics-token',
    answers: {
      200: { description: 'Measurements', content: { 'text/plain': {} } },
      403: {
        description: 'Not for this caller',
        headers: noStore,
        content: { 'application/json': { schema: z.object({ status: z.literal('forbidden') }) } },
      },
    },
    problems: ['malformed-request', 'internal-error'],
  },
} as const satisfies Readonly<Record<string, Operation>>

const script = { 'text/javascript': {} } as const
const kept = ['Cache-Control', 'ETag'] as const
const anySite = ['Access-Control-Allow-Origin'] as const

/** Files of the gateway whose addresses are part of the contract. */
export const fileOperations = {
  widget: {
    method: 'get',
    path: '/widget/v1.js',
    operationId: 'getWidget',
    tag: 'embeds',
    side: 'service',
    summary: 'The ticker for any page, as a script',
    headers: { 'If-None-Match': 'optional' },
    answers: {
      200: { description: 'Its newest version', headers: [...kept, ...anySite], content: script },
      304: { description: 'The version that you hold is the newest', headers: [...kept, ...anySite] },
    },
    problems: ['malformed-request', 'internal-error'],
  },
  widgetVersion: {
    method: 'get',
    path: '/widget/v1.json',
    operationId: 'getWidgetVersion',
    tag: 'embeds',
    side: 'service',
    summary: 'Address and checksum of the newest version of the ticker',
    answers: {
      200: {
        description: 'A file that never changes',
        headers: ['Cache-Control', ...anySite],
        content: {
          'application/json': { schema: z.object({ src: z.string(), integrity: z.string() }) },
        },
      },
    },
    problems: ['malformed-request', 'internal-error'],
  },
  frameScript: {
    method: 'get',
    path: '/embed/v1.js',
    operationId: 'getFrameScript',
    tag: 'embeds',
    side: 'service',
    summary: 'Gives each frame of this server on a page the height that it tells',
    headers: { 'If-None-Match': 'optional' },
    answers: {
      200: { description: 'A classic script', headers: [...kept, ...anySite], content: script },
      304: { description: 'The script that you hold is the present one', headers: [...kept, ...anySite] },
    },
    problems: ['malformed-request', 'internal-error'],
  },
} as const satisfies Readonly<Record<string, Operation>>
