import type { IncomingMessage } from 'node:http'
import { timingSafeEqual } from 'node:crypto'
import { Router, type Response } from 'express'
import { healthOperations } from '../protocol/service-routes.ts'
import { exactPaths } from './create-app.ts'
import { within } from './lifecycle.ts'
import type { RedisPersistenceWatch } from './redis-persistence.ts'
import type { RedisReplicationWatch } from './redis-replication.ts'

const CHECK_TIMEOUT_MS = 1_000

const NO_ANSWER: Readiness = { failing: ['redis'], warnings: [] }

/** The conditions of a role's work that are not met, and those that an operator should know. */
export interface Readiness {
  readonly failing: string[]
  readonly warnings: string[]
}

export interface HealthDeps {
  /** Whether each role of the process can do its work now. */
  readonly roles: readonly (() => Promise<Readiness>)[]
  /** For a process with the api or a worker: the headlines that should be released by now. */
  readonly overdue: { readonly overdueMs: number | undefined; readonly isLate: boolean } | undefined
  /** For a process with the api: whether Redis keeps acknowledged writes. */
  readonly persistence: RedisPersistenceWatch | undefined
  /** For a process with the api: whether Redis has replicas. */
  readonly replication: RedisReplicationWatch | undefined
  /** For a process with the api or a worker: what is wrong with the archive, and its remedy. */
  readonly archive:
    { readonly fault: { readonly state: string; readonly remedy: string } | undefined } | undefined
  /** Channels to which Redis does not let the process listen. */
  readonly refusedChannels: () => readonly string[]
  /** Gives all metrics in the text format of Prometheus. */
  readonly measurements: () => Promise<string>
  readonly metricsToken: string | undefined
  /** Further conditions of readiness, by name. */
  readonly parts: Readonly<Record<string, () => boolean>>
}

/** `/healthz`: the process runs. `/readyz`: it can serve requests. `/metrics`: measurements, not public. */
export function healthRoutes(deps: HealthDeps): Router {
  const { roles, overdue, persistence, replication, archive, refusedChannels } = deps
  const { measurements, metricsToken, parts } = deps
  const router = Router(exactPaths)

  router.get(healthOperations.alive.path, (_request, response) => {
    sendJson(response, 200, { status: 'alive' })
  })

  router.get(healthOperations.ready.path, async (_request, response) => {
    const found = await Promise.all(
      roles.map((role) => within(role(), CHECK_TIMEOUT_MS).catch(() => NO_ANSWER)),
    )
    const failing = [
      ...Object.keys(parts).filter((name) => !parts[name]?.()),
      ...new Set(found.flatMap((role) => role.failing)),
    ]
    const warnings = [
      ...(persistence ? persistenceWarnings(persistence) : []),
      ...(replication?.isReplicaAway ? ['redis-replica-away'] : []),
      ...channelWarnings(refusedChannels()),
      ...new Set(found.flatMap((role) => role.warnings)),
      ...(overdue?.isLate ? ['overdue'] : []),
      ...(archive?.fault ? [`archive-${archive.fault.state}`] : []),
    ]
    sendJson(response, failing.length === 0 ? 200 : 503, {
      status: failing.length === 0 ? 'ready' : 'not-ready',
      failing,
      warnings,
      ...(persistence && { durability: persistence.persistence.durability }),
      ...(replication && { replication: replication.replication }),
      ...(overdue?.overdueMs !== undefined && { overdueMs: overdue.overdueMs }),
      ...(archive?.fault && { archive: archive.fault.remedy }),
    })
  })

  router.get(healthOperations.metrics.path, async (request, response) => {
    if (mayMeasure(request, metricsToken)) {
      response.type('text/plain; version=0.0.4; charset=utf-8').send(await measurements())
    } else sendJson(response, 403, { status: 'forbidden' })
  })

  return router
}

function persistenceWarnings({ persistence: { durability, evicts } }: RedisPersistenceWatch): string[] {
  return [
    ...(durability === 'always' ? [] : [`redis-durability-${durability}`]),
    ...(evicts ? ['redis-evicts'] : []),
  ]
}

/** Names the kinds of channels, which are few: every feed has its own channels. */
function channelWarnings(channels: readonly string[]): string[] {
  const kinds = channels.map((channel) => channel.slice(channel.lastIndexOf(':') + 1))
  return [...new Set(kinds)].sort().map((kind) => `redis-refuses-${kind}`)
}

/** Names of this computer that a page of another site cannot have: its `Host` is the site's, whatever the address. */
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i

/**
 * With a token set, requests that have it. Without one, requests from this computer that came through no proxy and ask
 * for this computer: a site could give its own name this computer's address, and read `/metrics` from a browser here.
 */
function mayMeasure({ socket, headers }: IncomingMessage, token: string | undefined): boolean {
  if (token !== undefined) {
    const actual = Buffer.from(headers.authorization ?? '')
    const expected = Buffer.from(`Bearer ${token}`)
    return actual.length === expected.length && timingSafeEqual(actual, expected)
  }
  const local = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(socket.remoteAddress ?? '')
  const isDirect = headers['x-forwarded-for'] === undefined && headers.forwarded === undefined
  return local && isDirect && LOCAL_HOST.test(headers.host ?? '')
}

function sendJson(response: Response, status: number, body: object): void {
  response.status(status).set('Cache-Control', 'no-store').json(body)
}
