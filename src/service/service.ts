import type { Express } from 'express'
import { healForks } from '../../workers/heal-forks.ts'
import { startWorkers } from '../../workers/start-workers.ts'
import { startWebhooks } from '../../workers/webhooks/start-webhooks.ts'
import type { ArchiveConnection } from '../archive/archive-connection.ts'
import { createApi } from '../api/create-api.ts'
import { DutyKeeper } from '../api/duties/duty-keeper.ts'
import { randomIds } from '../api/http/ids.ts'
import { Turns } from '../api/http/turns.ts'
import { AcceptedActs } from '../api/live/accepted-acts.ts'
import { DeskStreams } from '../api/live/desk-streams.ts'
import { LostActs } from '../api/live/lost-acts.ts'
import { ReleaseWatch } from '../api/live/release-watch.ts'
import { twoPersonRuleIn } from '../api/people/two-person-rule-in.ts'
import { ReceiptKeeper } from '../api/receipts/receipt-keeper.ts'
import { OverdueWatch } from '../eventlog/overdue-watch.ts'
import { checkRights } from '../eventlog/store/check-rights.ts'
import { openDoorbell } from '../fanout/queues.ts'
import { openReleaseJobs } from '../fanout/release-jobs.ts'
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
import { messageOf } from '../platform/errors.ts'
import { createMetrics } from '../platform/metrics.ts'
import { RedisPersistenceWatch } from '../platform/redis-persistence.ts'
import { RedisReplicationWatch } from '../platform/redis-replication.ts'
import { repeat } from '../platform/repeat.ts'
import { moveToArchive, openArchiveConnection, watchArchive } from './archive-parts.ts'
import { firstStart } from './first-start.ts'
import { openRoleContext, type ProcessContext, type RoleContext } from './role-context.ts'
import { roleReadiness } from './role-readiness.ts'
import { CLOSE_TIMEOUT_MS, serveHttp } from './serve-http.ts'

const FINISH_JOBS_TIMEOUT_MS = 10_000
/** Two sweeps and the time between them: a headline that has been due for longer is late. */
const LATE_MS = 2_000
const CHECK_RIGHTS_MS = 5_000
/**
 * Longest wait for the feeds at the start. After it, readers of a feed that is still loading get an answer to retry.
 */
const LOAD_FEEDS_TIMEOUT_MS = 10_000

export interface Service {
  readonly url: string
  /** Token that signs in once to the admin account; only when this start has created the account. */
  readonly firstSignIn?: string | undefined
  /** Closes the readers, finishes running jobs and closes all parts. A second call has no further effect. */
  stop(): Promise<void>
}

/** Starts the roles of one process. Errors: a message for the operator; all parts started before are closed. */
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
  const processContext: ProcessContext = { config, logger, metrics: createMetrics(), lifecycle }
  const contexts: Partial<Record<ServiceRole, RoleContext>> = {}
  for (const serviceRole of rolesIn(role)) {
    contexts[serviceRole] = await openRoleContext(processContext, serviceRole)
  }
  const persistence = contexts.api && watchPersistence(contexts.api)
  const replication = contexts.api && (await watchReplication(contexts.api))

  const releaseContext = contexts.api ?? contexts.worker
  const archive = releaseContext && openArchiveConnection(releaseContext)
  const lostActs = contexts.api && archive && watchLostActs(contexts.api, archive)
  const overdue = releaseContext && watchOverdue(releaseContext)
  const listeners: Subscriptions[] = []
  if (releaseContext && archive) listeners.push(await listenForForks(releaseContext, archive, lostActs))
  if (contexts.worker) {
    watchRights(contexts.worker, 'worker')
    openWorkers(contexts.worker)
    listeners.push(await openWebhooks(contexts.worker))
    if (archive) moveToArchive(contexts.worker, archive)
  }
  if (contexts.api) watchRights(contexts.api, 'api')
  if (contexts.api && archive) watchArchive(contexts.api, archive)
  const api =
    contexts.api &&
    persistence &&
    replication &&
    lostActs &&
    overdue &&
    (await openApi(
      contexts.api,
      { persistence, replication, overdue, lostActs, archive },
      contexts.gateway !== undefined,
    ))
  if (api) listeners.push(api.subscriptions)
  const gateway = contexts.gateway && openGateway(contexts.gateway)
  const roles = rolesIn(role).flatMap((serviceRole) => {
    const context = contexts[serviceRole]
    return context ? [() => roleReadiness(serviceRole, context)] : []
  })
  const refusedChannels = () => [
    ...listeners.flatMap(({ refused }) => refused),
    ...(gateway?.refusedChannels() ?? []),
  ]
  const watched = { overdue, persistence, replication, archive, refusedChannels }
  const parts = { ...watched, roles, gateway, api: api?.app }
  const url = await serveHttp(processContext, parts).catch(async (error: unknown) => {
    await gateway?.drain()
    throw error
  })
  // The gateway is closed first, while the HTTP server can still ask new readers to try another gateway.
  if (gateway) lifecycle.own('gateway', () => gateway.drain(), config.DRAIN_MS + CLOSE_TIMEOUT_MS)
  if (gateway) await gateway.loaded(LOAD_FEEDS_TIMEOUT_MS)
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

/**
 * Watches the persistence settings of Redis for the api, whose answers tell editors whether a headline survives a crash
 * of Redis.
 */
function watchPersistence({ redis, lifecycle }: RoleContext): RedisPersistenceWatch {
  const persistence = new RedisPersistenceWatch(redis)
  lifecycle.own('redis persistence watch', () => {
    persistence.close()
  })
  return persistence
}

/** Tells newsroom and operators when headlines should be released by now and are not. */
function watchOverdue({ store, config, metrics, logger, lifecycle }: RoleContext): OverdueWatch {
  const overdue = new OverdueWatch(store, {
    lateMs: Math.max(LATE_MS, 2 * config.SWEEP_MS),
    onChecked: (overdueMs) => {
      metrics.overdueSeconds.set(overdueMs / 1_000)
    },
    onLate: (feed, overdueMs) => {
      if (overdueMs > 0) logger.error({ event: 'overdue', feed, overdueMs })
      else logger.info({ event: 'overdue-over', feed })
    },
  })
  lifecycle.own('overdue watch', () => overdue.close())
  return overdue
}

/** An operator may change the rights at any time. */
function watchRights({ store, logger, lifecycle }: RoleContext, role: 'api' | 'worker'): void {
  const checks = repeat(async () => {
    await checkRights(store, role).catch((error: unknown) => {
      logger.debug({ event: 'rights-not-checked', role, error: messageOf(error) })
    })
  }, CHECK_RIGHTS_MS)
  lifecycle.own('rights', () => checks.close())
}

/** Settles when the first state is known, or Redis has refused to give it. */
async function watchReplication({ redis, lifecycle }: RoleContext): Promise<RedisReplicationWatch> {
  const replication = new RedisReplicationWatch(redis)
  lifecycle.own('redis replication watch', () => {
    replication.close()
  })
  await replication.refresh().catch(() => undefined)
  return replication
}

function watchLostActs(
  { store, metrics, logger, lifecycle }: RoleContext,
  archive: ArchiveConnection,
): LostActs {
  const lostActs = new LostActs({
    store,
    archive: () => archive.reading(),
    accepted: new AcceptedActs(),
    metrics,
    logger,
  })
  lifecycle.own('lost acts', () => {
    lostActs.close()
  })
  return lostActs
}

async function listenForForks(
  { store, logger, metrics, connect }: RoleContext,
  archive: ArchiveConnection,
  lostActs: LostActs | undefined,
): Promise<Subscriptions> {
  const subscriptions = new Subscriptions(connect('subscriber'), { logger, metrics })
  const own = lostActs && { recoverOwnActs: (feed: string) => lostActs.check(feed) }
  await healForks({ store, archive: () => archive.reading(), metrics, logger, ...own }, subscriptions)
  return subscriptions
}

function openWorkers({ store, config, metrics, logger, connect, lifecycle }: RoleContext): void {
  const workers = startWorkers({
    store,
    connection: connect('patient'),
    concurrency: config.WORKER_CONCURRENCY,
    sweepMs: config.SWEEP_MS,
    metrics,
    logger,
  })
  lifecycle.own('workers', () => workers.close(), FINISH_JOBS_TIMEOUT_MS)
}

/** Deliveries to partners' servers. */
async function openWebhooks(context: RoleContext): Promise<Subscriptions> {
  const { store, config, metrics, logger, connect, lifecycle } = context
  const subscriptions = new Subscriptions(connect('subscriber'), { logger, metrics })
  const webhooks = await startWebhooks({
    ...{ store, subscriptions, metrics, logger },
    allowedAddresses: config.WEBHOOK_ALLOW_ADDRESSES,
    sweepMs: config.SWEEP_MS,
  })
  lifecycle.own('webhooks', () => webhooks.close(), FINISH_JOBS_TIMEOUT_MS)
  return subscriptions
}

interface ApiParts {
  readonly persistence: RedisPersistenceWatch
  readonly replication: RedisReplicationWatch
  readonly lostActs: LostActs
  readonly overdue: OverdueWatch
  readonly archive: ArchiveConnection
}

async function openApi(
  context: RoleContext,
  { persistence, replication, overdue, lostActs, archive }: ApiParts,
  servesReaders: boolean,
): Promise<{ app: Express; subscriptions: Subscriptions; firstSignIn: string | undefined }> {
  const { store, config, metrics, logger, connect, lifecycle } = context
  const people = openPeople(context)
  const firstSignIn = await firstStart(context, people)
  const queueConnection = connect('request')
  const doorbell = openDoorbell(queueConnection, store.keys.queues)
  lifecycle.own('doorbell', () => doorbell.close())
  const jobs = openReleaseJobs(queueConnection, store.keys.queues)
  lifecycle.own('release jobs', () => jobs.close())
  const releases = new ReleaseWatch(store.keys)
  const desk = new DeskStreams({ store, archive: () => archive.reading() }, logger, {
    heartbeatMs: config.HEARTBEAT_MS,
    slowMs: config.SLOW_READER_MS,
  })
  lifecycle.own('desk', () => {
    desk.close()
  })
  overdue.listen((feed, overdueMs) => {
    desk.tell(feed, { type: 'overdue', overdueMs })
  })
  const receipts = new ReceiptKeeper({ store, desk, logger })
  const subscriptions = new Subscriptions(
    connect('subscriber'),
    { logger, metrics },
    () => void receipts.ask(),
  )
  await Promise.all([releases, desk, receipts].map((listener) => listener.listen(subscriptions)))
  const duties = new DutyKeeper({
    store,
    people,
    logger,
    newId: people.ids.id,
    // The sweep finds what a lost doorbell leaves.
    ring: (feed) => void doorbell.ring(feed).catch(() => undefined),
  })
  duties.start()
  lifecycle.own('duties', () => duties.close())
  const app = createApi({
    store,
    archive: () => archive.reading(),
    people,
    duties,
    singleSignOn: singleSignOnOf(context, people),
    doorbell,
    jobs,
    releases,
    accepted: lostActs.accepted,
    newsTurns: new Turns(),
    desk,
    metrics,
    logger,
    config,
    clock: systemClock,
    ids: randomIds,
    durability: () => persistence.persistence.durability,
    replication: () => replication.replication,
    servesReaders,
  })
  return { app, subscriptions, firstSignIn }
}

function openPeople({ store, config }: RoleContext): People {
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

function singleSignOnOf({ config, logger }: RoleContext, people: People): SingleSignOn | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config
  const { OIDC_REDIRECT_URL: redirectUrl, OIDC_SECOND_FACTOR: secondFactor } = config
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined
  if (redirectUrl === undefined) return undefined
  return new SingleSignOn(people, { issuer, clientId, clientSecret, redirectUrl, secondFactor }, logger)
}

function openGateway({ store, config, metrics, logger, connect }: RoleContext): Gateway {
  return startGateway({ store, subscriber: connect('subscriber'), config, metrics, logger })
}
