import express, { type Express, type RequestHandler, type Response } from 'express'
import type { Redis } from 'ioredis'
import { startWorkers } from '../workers/main.ts'
import { createApi } from './api/create-api.ts'
import { DeskStreams } from './api/desk/desk-streams.ts'
import { healForks } from './api/feeds/heal-forks.ts'
import { randomIds } from './api/headlines/ids.ts'
import { Receipts } from './api/headlines/receipts.ts'
import { ReleaseWatch } from './api/headlines/release-watch.ts'
import { twoPersonRuleIn } from './api/people/two-person-rule.ts'
import { createFeed, listFeeds } from './eventlog/feeds.ts'
import { openEventLog, type EventLog } from './eventlog/log.ts'
import { openDoorbell } from './fanout/queues.ts'
import { Subscriptions } from './fanout/subscriptions.ts'
import { startGateway, type Gateway } from './gateway/gateway.ts'
import { livePage } from './gateway/live-page.ts'
import { showcase } from './gateway/showcase.ts'
import { limitSockets } from './gateway/socket-limit.ts'
import { refuse } from './gateway/websocket.ts'
import { widgetFiles } from './gateway/widget-files.ts'
import { bootstrapKey } from './people/api-keys.ts'
import { makeFirstAdmin } from './people/first-admin.ts'
import { Passwords } from './people/passwords.ts'
import { randomPeopleIds, type People } from './people/people.ts'
import { actBy, flashline } from './people/principal.ts'
import { SingleSignOn } from './people/single-sign-on.ts'
import { Throttle } from './people/throttle.ts'
import { systemClock } from './platform/clock.ts'
import { rolesIn, type Config, type ProcessRole, type ServiceRole } from './platform/config.ts'
import { messageOf } from './platform/errors.ts'
import { healthRoutes } from './platform/health.ts'
import { createHttpServer, listen } from './platform/http-server.ts'
import { Lifecycle } from './platform/lifecycle.ts'
import { createLogger, type Logger } from './platform/logger.ts'
import { createMetrics, type Metrics } from './platform/metrics.ts'
import { measurements } from './platform/processes.ts'
import { RedisCareWatch } from './platform/redis-durability.ts'
import { connectRedis, whenReady, type ConnectionKind } from './platform/redis.ts'
import { newFeedSchema } from './protocol/feed.ts'
import { problemBody } from './protocol/problems.ts'

/** Redis may still be loading its file. */
const REDIS_LIMIT_MS = 60_000
const FINISH_JOBS_LIMIT_MS = 10_000
/** After it, readers of feeds that are still being loaded are told to come back. */
const FEEDS_LIMIT_MS = 10_000
/** For requests that are being answered. */
const CLOSE_LIMIT_MS = 3_000

export interface Service {
  readonly url: string
  /** Signs in once to the admin account that this start has made. */
  readonly firstSignIn?: string | undefined
  /** Sends readers away, finishes what runs, closes everything. Called again, it gives the same promise. */
  stop(): Promise<void>
}

/** Puts the roles of one process together. Errors: one sentence, and nothing is left running. */
export async function startService(role: ProcessRole, config: Config): Promise<Service> {
  const logger = createLogger(config.LOG_LEVEL, role)
  const lifecycle = new Lifecycle(logger)
  try {
    return await start(role, config, logger, lifecycle)
  } catch (error) {
    await lifecycle.close()
    throw error
  }
}

interface Common {
  readonly config: Config
  readonly logger: Logger
  readonly metrics: Metrics
  readonly lifecycle: Lifecycle
}

/** What a role stands on: its own connections, with its own rights. */
interface Ground extends Common {
  readonly log: EventLog
  readonly redis: Redis
  readonly connect: (kind: ConnectionKind) => Redis
}

async function start(
  role: ProcessRole,
  config: Config,
  logger: Logger,
  lifecycle: Lifecycle,
): Promise<Service> {
  const common: Common = { config, logger, metrics: createMetrics(), lifecycle }
  const grounds: Partial<Record<ServiceRole, Ground>> = {}
  for (const each of rolesIn(role)) grounds[each] = await openGround(common, each)
  const care = grounds.api && watchCare(grounds.api)

  const releasing = grounds.api ?? grounds.worker
  if (releasing) await listenForForks(releasing)
  if (grounds.worker) await openWorkers(grounds.worker)
  const api = grounds.api && care && (await openApi(grounds.api, care, grounds.gateway !== undefined))
  const gateway = grounds.gateway && openGateway(grounds.gateway)
  const connections = Object.values(grounds).map(({ redis }) => redis)
  const url = await serve(common, { connections, care, gateway, api: api?.app }).catch(
    async (error: unknown) => {
      await gateway?.drain()
      throw error
    },
  )
  // Closed first, while new readers can still be told to go elsewhere.
  if (gateway) lifecycle.own('gateway', () => gateway.drain(), config.DRAIN_MS + CLOSE_LIMIT_MS)
  if (gateway) await gateway.loaded(FEEDS_LIMIT_MS)
  logger.info({ event: 'started', url })
  return {
    url,
    firstSignIn: api?.firstSignIn,
    async stop() {
      await lifecycle.close()
      logger.info({ event: 'stopped' })
    },
  }
}

/** Errors: when Redis does not let the role in, or does not answer. */
async function openGround(common: Common, role: ServiceRole): Promise<Ground> {
  const { config, logger, lifecycle } = common
  const connect = (kind: ConnectionKind): Redis => {
    const redis = connectRedis(config.redisUrls[role], kind, logger)
    lifecycle.own(`redis ${role} ${kind}`, () => {
      redis.disconnect()
    })
    return redis
  }
  const redis = connect('request')
  await whenReady(redis, REDIS_LIMIT_MS).catch((error: unknown) => {
    throw new Error(`${role}: ${messageOf(error)}`, { cause: error })
  })
  const log = openEventLog(redis, { prefix: config.REDIS_PREFIX, keptEvents: config.LOG_EVENTS })
  return { ...common, log, redis, connect }
}

/** Only the api asks: it is the one that promises editors to keep something. */
function watchCare({ redis, lifecycle }: Ground): RedisCareWatch {
  const care = new RedisCareWatch(redis)
  lifecycle.own('redis care', () => {
    care.close()
  })
  return care
}

async function listenForForks({ log, logger, connect }: Ground): Promise<void> {
  await healForks({ log, logger }, new Subscriptions(connect('subscriber')))
}

async function openWorkers({ log, config, metrics, logger, connect, lifecycle }: Ground): Promise<void> {
  const workers = await startWorkers({
    log,
    connection: connect('patient'),
    concurrency: config.WORKER_CONCURRENCY,
    sweepMs: config.SWEEP_MS,
    metrics,
    logger,
  })
  lifecycle.own('workers', () => workers.close(), FINISH_JOBS_LIMIT_MS)
}

async function openApi(
  ground: Ground,
  care: RedisCareWatch,
  servesReaders: boolean,
): Promise<{ app: Express; firstSignIn: string | undefined }> {
  const { log, config, metrics, logger, connect, lifecycle } = ground
  const people = openPeople(ground)
  const firstSignIn = await firstStart(ground, people)
  const doorbell = openDoorbell(connect('request'), log.keys.queues)
  lifecycle.own('doorbell', () => doorbell.close())
  const releases = new ReleaseWatch(log.keys)
  const desk = new DeskStreams(log, logger, {
    heartbeatMs: config.HEARTBEAT_MS,
    slowMs: config.SLOW_READER_MS,
  })
  lifecycle.own('desk', () => {
    desk.close()
  })
  const receipts = new Receipts({ log, desk, logger })
  const subscriptions = new Subscriptions(connect('subscriber'), () => void receipts.ask())
  await Promise.all([releases, desk, receipts].map((part) => part.listen(subscriptions)))
  const app = createApi({
    log,
    people,
    singleSignOn: singleSignOnOf(ground, people),
    doorbell,
    releases,
    desk,
    metrics,
    logger,
    config,
    clock: systemClock,
    ids: randomIds,
    durability: () => care.care.durability,
    servesReaders,
  })
  return { app, firstSignIn }
}

function openPeople({ log, config }: Ground): People {
  return {
    log,
    clock: systemClock,
    ids: randomPeopleIds,
    passwords: new Passwords(),
    throttle: new Throttle(log),
    sessionMs: { idle: config.SESSION_IDLE_MS, longest: config.SESSION_MAX_MS },
    twoPersonRuleIn: (feeds) => twoPersonRuleIn(log, feeds),
  }
}

function singleSignOnOf({ config, logger }: Ground, people: People): SingleSignOn | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config
  const { OIDC_REDIRECT_URL: redirectUrl, OIDC_SECOND_FACTOR: secondFactor } = config
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined
  if (redirectUrl === undefined) return undefined
  return new SingleSignOn(people, { issuer, clientId, clientSecret, redirectUrl, secondFactor }, logger)
}

/** A new installation gets its first key, account and feed. */
async function firstStart({ log, config, logger }: Ground, people: People): Promise<string | undefined> {
  if (config.BOOTSTRAP_KEY !== undefined) {
    const outcome = await bootstrapKey(people, config.BOOTSTRAP_KEY)
    if (outcome === 'unused') logger.warn({ event: 'bootstrap-key-unused', reason: 'other keys exist' })
  }
  if (config.FIRST_FEED !== undefined && (await listFeeds(log)).length === 0) {
    // An id is often a language: `en`, `ar`.
    const feed = (lang: string) => ({ id: config.FIRST_FEED, title: 'Breaking', lang })
    const named = newFeedSchema.safeParse(feed(config.FIRST_FEED))
    await createFeed(log, named.data ?? newFeedSchema.parse(feed('en')), undefined, actBy(flashline))
  }
  return config.FIRST_ADMIN_EMAIL === undefined ? undefined : makeFirstAdmin(people, config.FIRST_ADMIN_EMAIL)
}

function openGateway({ log, config, metrics, logger, connect }: Ground): Gateway {
  return startGateway({ log, subscriber: connect('subscriber'), config, metrics, logger })
}

interface Parts {
  readonly connections: readonly Redis[]
  readonly care: RedisCareWatch | undefined
  readonly gateway: Gateway | undefined
  readonly api: Express | undefined
}

async function serve(
  { config, logger, metrics, lifecycle }: Common,
  { connections, care, gateway, api }: Parts,
): Promise<string> {
  const app = express()
  app.disable('x-powered-by').disable('etag').set('trust proxy', config.TRUST_PROXY)
  const parts = gateway ? { feeds: () => gateway.ready() } : {}
  app.use(
    healthRoutes({
      redis: connections,
      care,
      measurements: measurements(metrics.registry),
      metricsToken: config.METRICS_TOKEN,
      parts,
    }),
  )
  if (gateway) app.use(livePage(), widgetFiles(), showcase(), ...gateway.routes)
  if (api) app.use(api)
  app.use(((_request, response) => {
    answer(response, 'no-such-route')
  }) satisfies RequestHandler)
  app.use((error: unknown, _request: unknown, response: Response, _next: unknown) => {
    const expected = error instanceof URIError
    if (!expected) logger.error({ event: 'request-failed', error: messageOf(error) })
    answer(response, expected ? 'malformed-request' : 'internal-error')
  })

  const server = createHttpServer(
    app,
    gateway
      ? gateway.upgrade
      : (_request, socket) => {
          refuse(socket, 'no-such-route')
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
        }, CLOSE_LIMIT_MS).unref()
      }),
  )
  return url
}

function answer(response: Response, code: 'no-such-route' | 'malformed-request' | 'internal-error'): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, body } = problemBody(code)
  response.status(status).type('application/problem+json').send(JSON.stringify(body))
}
