import type { Express, RequestHandler, Response } from 'express'
import type { ArchiveConnection } from '../archive/archive-connection.ts'
import type { OverdueWatch } from '../eventlog/overdue-watch.ts'
import { limitSockets } from '../gateway/admission/limit-sockets.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { showcase } from '../gateway/pages/showcase.ts'
import { widgetFiles } from '../gateway/pages/widget-files.ts'
import { createApp } from '../platform/create-app.ts'
import { messageOf } from '../platform/errors.ts'
import { healthRoutes, type Readiness } from '../platform/health-routes.ts'
import { createHttpServer, listen, refuseSocket } from '../platform/http-server.ts'
import { sendProblem } from '../platform/problem-answer.ts'
import { Problem } from '../platform/problem.ts'
import { measurements } from '../platform/processes.ts'
import type { RedisPersistenceWatch } from '../platform/redis-persistence.ts'
import type { RedisReplicationWatch } from '../platform/redis-replication.ts'
import type { ProcessContext } from './role-context.ts'

/** Time that running requests have to end when the process stops. */
export const CLOSE_TIMEOUT_MS = 3_000

interface Parts {
  readonly roles: readonly (() => Promise<Readiness>)[]
  readonly overdue: OverdueWatch | undefined
  readonly persistence: RedisPersistenceWatch | undefined
  readonly replication: RedisReplicationWatch | undefined
  readonly archive: ArchiveConnection | undefined
  /** Channels to which Redis does not let the process listen. */
  readonly refusedChannels: () => readonly string[]
  readonly gateway: Gateway | undefined
  readonly api: Express | undefined
}

const READ_METHODS = ['GET', 'HEAD', 'OPTIONS']
const API_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']

/** Answers `OPTIONS *`, which asks about the whole server (RFC 9110, section 9.3.7). */
function tellMethods(methods: readonly string[]): RequestHandler {
  return ({ method, url }, response, next) => {
    if (method === 'OPTIONS' && url === '*') response.status(204).set('Allow', methods.join(', ')).end()
    else next()
  }
}

/** Serves the routes of all roles of the process on one port. Settles with the URL. */
export async function serveHttp(
  { config, logger, metrics, lifecycle }: ProcessContext,
  { roles, overdue, persistence, replication, archive, refusedChannels, gateway, api }: Parts,
): Promise<string> {
  const app = createApp(config.TRUST_PROXY)
  app.use(tellMethods(api ? API_METHODS : READ_METHODS))
  const parts = gateway ? { feeds: () => gateway.ready() } : {}
  app.use(
    healthRoutes({
      roles,
      overdue,
      persistence,
      replication,
      archive,
      refusedChannels,
      measurements: measurements(metrics.registry),
      metricsToken: config.METRICS_TOKEN,
      parts,
    }),
  )
  if (gateway) app.use(widgetFiles(), showcase(), ...gateway.routes)
  if (api) app.use(api)
  app.use(((_request, response) => {
    sendProblem(response, new Problem('no-such-route'))
  }) satisfies RequestHandler)
  app.use((error: unknown, _request: unknown, response: Response, _next: unknown) => {
    const isClientFault = error instanceof URIError
    if (!isClientFault) logger.error({ event: 'request-failed', error: messageOf(error) })
    sendProblem(response, new Problem(isClientFault ? 'malformed-request' : 'internal-error'))
  })

  const server = createHttpServer(
    (request, response) => {
      if (!gateway?.answersDocument(request, response)) app(request, response)
    },
    gateway
      ? gateway.upgrade
      : (_request, socket) => {
          refuseSocket(socket, new Problem('no-such-route'))
        },
    config.SLOW_READER_MS,
  )
  if (config.TRUST_PROXY === 0) limitSockets(server, config.MAX_CONNECTIONS_PER_IP, metrics)
  const url = await listen(server, config.PORT, config.HOST)
  lifecycle.own(
    'http',
    () =>
      new Promise<void>((closed) => {
        server.close(() => {
          closed()
        })
        server.closeIdleConnections()
        setTimeout(() => {
          server.closeAllConnections()
        }, CLOSE_TIMEOUT_MS).unref()
      }),
  )
  return url
}
