import type { IncomingMessage } from 'node:http'
import { timingSafeEqual } from 'node:crypto'
import { Router, type Response } from 'express'
import type { Redis } from 'ioredis'
import { within } from './lifecycle.ts'
import type { RedisCareWatch } from './redis-durability.ts'

const PING_LIMIT_MS = 1_000

export interface HealthDeps {
  readonly redis: Redis
  readonly care: RedisCareWatch
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
    const answers = await within(redis.ping(), PING_LIMIT_MS).then(
      () => true,
      () => false,
    )
    const { durability, evicts } = care.care
    const failing = Object.keys(parts).filter((name) => !parts[name]?.())
    if (!answers) failing.push('redis')
    const warnings = [
      ...(durability === 'always' ? [] : [`redis-durability-${durability}`]),
      ...(evicts ? ['redis-evicts'] : []),
    ]
    plain(response, failing.length === 0 ? 200 : 503, {
      status: failing.length === 0 ? 'ready' : 'not-ready',
      failing,
      warnings,
      durability,
    })
  })

  router.get('/metrics', async (request, response) => {
    if (mayMeasure(request, metricsToken)) {
      response.type('text/plain; version=0.0.4; charset=utf-8').send(await measurements())
    } else plain(response, 403, { status: 'forbidden' })
  })

  return router
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
