import type { IncomingMessage } from 'node:http'
import { timingSafeEqual } from 'node:crypto'
import { Router, type Response } from 'express'
import type { Redis } from 'ioredis'
import { within } from './lifecycle.ts'
import type { RedisCareWatch } from './redis-durability.ts'

const PING_LIMIT_MS = 1_000

export interface HealthDeps {
  /** A connection of each role. */
  readonly redis: readonly Redis[]
  /** Where the process says how surely Redis keeps what it is given. */
  readonly care: RedisCareWatch | undefined
  /** In Prometheus' text format. */
  readonly measurements: () => Promise<string>
  readonly metricsToken: string | undefined
  /** What else must be true before traffic may come, by name. */
  readonly parts: Readonly<Record<string, () => boolean>>
}

/** `/healthz`: the process runs. `/readyz`: traffic may come. `/metrics`: measurements, not for the public. */
export function healthRoutes({ redis, care, measurements, metricsToken, parts }: HealthDeps): Router {
  const router = Router()

  router.get('/healthz', (_request, response) => {
    plain(response, 200, { status: 'alive' })
  })

  router.get('/readyz', async (_request, response) => {
    const answers = await within(Promise.all(redis.map((each) => each.ping())), PING_LIMIT_MS).then(
      () => true,
      () => false,
    )
    const failing = Object.keys(parts).filter((name) => !parts[name]?.())
    if (!answers) failing.push('redis')
    plain(response, failing.length === 0 ? 200 : 503, {
      status: failing.length === 0 ? 'ready' : 'not-ready',
      failing,
      ...(care ? careOf(care) : { warnings: [] }),
    })
  })

  router.get('/metrics', async (request, response) => {
    if (mayMeasure(request, metricsToken)) {
      response.type('text/plain; version=0.0.4; charset=utf-8').send(await measurements())
    } else plain(response, 403, { status: 'forbidden' })
  })

  return router
}

function careOf({ care: { durability, evicts } }: RedisCareWatch) {
  const warnings = [
    ...(durability === 'always' ? [] : [`redis-durability-${durability}`]),
    ...(evicts ? ['redis-evicts'] : []),
  ]
  return { warnings, durability }
}

/** With a token, whoever has it. Without one, this machine only, and not through a proxy on it. */
function mayMeasure({ socket, headers }: IncomingMessage, token: string | undefined): boolean {
  if (token !== undefined) {
    const given = Buffer.from(headers.authorization ?? '')
    const wanted = Buffer.from(`Bearer ${token}`)
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  }
  const local = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(socket.remoteAddress ?? '')
  return local && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined
}

function plain(response: Response, status: number, body: object): void {
  response.status(status).set('Cache-Control', 'no-store').json(body)
}
