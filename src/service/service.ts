import type { Express } from 'express'
import { healForks } from '../../workers/heal-forks.ts'
import { startWorkers } from '../../workers/main.ts'
import { createApi } from '../api/create-api.ts'
import { randomIds } from '../api/http/ids.ts'
import { DeskStreams } from '../api/live/desk-streams.ts'
import { ReleaseWatch } from '../api/live/release-watch.ts'
import { twoPersonRuleIn } from '../api/people/two-person-rule-in.ts'
import { ReceiptKeeper } from '../api/receipts/receipt-keeper.ts'
import { openDoorbell } from '../fanout/queues.ts'
import { Subscriptions } from '../fanout/subscriptions.ts'
import { startGateway, type Gateway } from '../gateway/gateway.ts'
import { Passwords } from '../people/passwords.ts'
import { randomPeopleIds, type People } from '../people/people.ts'
import { SingleSignOn } from '../people/single-sign-on.ts'
import { Throttle } from '../people/throttle.ts'
import { systemClock } from '../platform/clock.ts'
import { rolesIn, type Config, type ProcessRole, type ServiceRole } from '../platform/config.ts'
import { Lifecycle } from '../platform/lifecycle.ts'
import { createLogger, type Logger } from '../platform/logger.ts'
import { createMetrics } from '../platform/metrics.ts'
import { RedisCareWatch } from '../platform/redis-durability.ts'
import { firstStart } from './first-start.ts'
import { openGround, type Common, type Ground } from './ground.ts'
import { CLOSE_LIMIT_MS, serveHttp } from './serve-http.ts'

const FINISH_JOBS_LIMIT_MS = 10_000
/** After it, readers of feeds that are still being loaded are told to come back. */
const FEEDS_LIMIT_MS = 10_000

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
  const url = await serveHttp(common, { connections, care, gateway, api: api?.app }).catch(
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

/** Only the api asks: it is the one that promises editors to keep something. */
function watchCare({ redis, lifecycle }: Ground): RedisCareWatch {
  const care = new RedisCareWatch(redis)
  lifecycle.own('redis care', () => {
    care.close()
  })
  return care
}

async function listenForForks({ store, logger, connect }: Ground): Promise<void> {
  await healForks({ store, logger }, new Subscriptions(connect('subscriber')))
}

async function openWorkers({ store, config, metrics, logger, connect, lifecycle }: Ground): Promise<void> {
  const workers = await startWorkers({
    store,
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
  const { store, config, metrics, logger, connect, lifecycle } = ground
  const people = openPeople(ground)
  const firstSignIn = await firstStart(ground, people)
  const doorbell = openDoorbell(connect('request'), store.keys.queues)
  lifecycle.own('doorbell', () => doorbell.close())
  const releases = new ReleaseWatch(store.keys)
  const desk = new DeskStreams(store, logger, {
    heartbeatMs: config.HEARTBEAT_MS,
    slowMs: config.SLOW_READER_MS,
  })
  lifecycle.own('desk', () => {
    desk.close()
  })
  const receipts = new ReceiptKeeper({ store, desk, logger })
  const subscriptions = new Subscriptions(connect('subscriber'), () => void receipts.ask())
  await Promise.all([releases, desk, receipts].map((part) => part.listen(subscriptions)))
  const app = createApi({
    store,
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

function openPeople({ store, config }: Ground): People {
  return {
    store,
    clock: systemClock,
    ids: randomPeopleIds,
    passwords: new Passwords(),
    throttle: new Throttle(store),
    sessionMs: { idle: config.SESSION_IDLE_MS, longest: config.SESSION_MAX_MS },
    twoPersonRuleIn: (feeds) => twoPersonRuleIn(store, feeds),
  }
}

function singleSignOnOf({ config, logger }: Ground, people: People): SingleSignOn | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config
  const { OIDC_REDIRECT_URL: redirectUrl, OIDC_SECOND_FACTOR: secondFactor } = config
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined
  if (redirectUrl === undefined) return undefined
  return new SingleSignOn(people, { issuer, clientId, clientSecret, redirectUrl, secondFactor }, logger)
}

function openGateway({ store, config, metrics, logger, connect }: Ground): Gateway {
  return startGateway({ store, subscriber: connect('subscriber'), config, metrics, logger })
}
