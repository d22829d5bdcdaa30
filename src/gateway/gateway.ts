import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Router } from 'express'
import { Subscriptions } from '../fanout/subscriptions.ts'
import type { Store } from '../eventlog/store/store.ts'
import type { Redis } from 'ioredis'
import type { Config } from '../platform/config.ts'
import type { Logger } from '../platform/logger.ts'
import type { Metrics } from '../platform/metrics.ts'
import { messageOf } from '../platform/errors.ts'
import { Admission } from './admission/admission.ts'
import { boardRoutes } from './board/board-routes.ts'
import { SocketWriter } from './bytes/socket-writer.ts'
import { tryDirectWrites } from './bytes/try-direct-writes.ts'
import { documentListener } from './documents/document-listener.ts'
import { embedRoutes } from './embeds/embed-routes.ts'
import { onAirRoutes } from './on-air/on-air-routes.ts'
import { ThemeFile } from './on-air/theme-file.ts'
import { OpenFeeds } from './upstream/open-feeds.ts'
import { returnAfterMs } from './admission/return-after-ms.ts'
import { ReaderGate } from './partners/reader-gate.ts'
import { RequestLimits } from './partners/request-limits.ts'
import { UsageCounts } from './partners/usage-counts.ts'
import { readRoutes } from './http/read-routes.ts'
import { createUpgrade } from './websocket/create-upgrade.ts'
import { ReceiptReports } from './upstream/receipt-reports.ts'

const LOADED_CHECK_MS = 10
/** Time between two batches of readers that are sent away. */
const DRAIN_STEP_MS = 50
/** The smallest batch, so that a gateway with few readers stops at once. */
const DRAIN_BATCH = 200

export interface GatewayDeps {
  readonly store: Store
  readonly subscriber: Redis
  readonly config: Config
  readonly metrics: Metrics
  readonly logger: Logger
}

export interface Gateway {
  readonly routes: readonly Router[]
  /** Answers a request for a document; false for every other request. */
  readonly answersDocument: (request: IncomingMessage, response: ServerResponse) => boolean
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Whether its feeds are in memory and it is not draining. */
  readonly ready: () => boolean
  /** Channels to which Redis does not let it listen; it reads their events from the log. */
  readonly refusedChannels: () => readonly string[]
  /** Settles when its feeds are in memory, or after `limitMs`. */
  readonly loaded: (limitMs: number) => Promise<void>
  /** Admits no more connections, sends the readers away over at most DRAIN_MS, and stops. */
  readonly drain: () => Promise<void>
}

export function startGateway({ store, subscriber, config, metrics, logger }: GatewayDeps): Gateway {
  const writer = new SocketWriter()
  tryDirectWrites().then(
    (direct) => {
      writer.open(direct)
    },
    (error: unknown) => {
      logger.warn({ event: 'frames-written-through-stream', reason: messageOf(error) })
    },
  )
  const subscriptions = new Subscriptions(subscriber, { logger, metrics }, () => {
    feeds.catchUp()
    reports.reportAgain()
  })
  const gateOf = (now: () => number) =>
    new ReaderGate({
      store,
      logger,
      now,
      limits: new RequestLimits(),
      usage: new UsageCounts(store, logger, now),
    })
  const feedsDeps = {
    store,
    subscriptions,
    writer,
    metrics,
    logger,
    resumeEvents: config.RESUME_EVENTS,
    options: {
      heartbeatMs: config.HEARTBEAT_MS,
      slowReaderMs: config.SLOW_READER_MS,
      resumeEvents: config.RESUME_EVENTS,
      resumeBytes: config.RESUME_BYTES,
      emitMarks: config.EMIT_MARKS,
      tailCheckMs: config.TAIL_CHECK_MS,
    },
  }
  const feeds: OpenFeeds = new OpenFeeds(feedsDeps, gateOf)
  const admission = new Admission(
    {
      maxConnections: config.MAX_CONNECTIONS,
      maxConnectionsPerIp: config.MAX_CONNECTIONS_PER_IP,
      maxConnectionsPerKey: config.readerKeys,
      connectsPerSecond: config.CONNECTS_PER_SECOND,
      trustedProxies: config.TRUST_PROXY,
      allowedOrigins: config.ALLOWED_ORIGINS,
    },
    metrics,
    feeds.gate,
  )
  if (config.readerKeys.size > 0)
    logger.warn({ event: 'reader-keys-deprecated', reason: 'make partners in place of READER_KEYS' })
  const reports = new ReceiptReports({ store, hubs: () => feeds.hubs(), logger })
  void subscriptions.subscribe(store.keys.writtenAsked, () => {
    reports.reportAgain()
  })
  feeds.start()
  reports.start()

  return {
    routes: [
      embedRoutes({ feeds, admission, allowedOrigins: config.ALLOWED_ORIGINS }),
      onAirRoutes(new ThemeFile(config.ON_AIR_THEME, logger)),
      readRoutes({ feeds, admission, metrics, writer }),
      boardRoutes({ feeds, keyFile: config.FIRST_KEY_FILE, font: config.PAGE_FONT }),
    ],
    answersDocument: documentListener({
      feeds,
      admission,
      licence: config.LICENSE_URL,
      trustedProxies: config.TRUST_PROXY,
      logger,
    }),
    upgrade: createUpgrade({
      feeds,
      admission,
      metrics,
      logger,
      writer,
      compress: config.COMPRESSION === 'on',
    }),
    ready: () => feeds.loaded && !admission.draining,
    refusedChannels: () => subscriptions.refused,
    async loaded(limitMs) {
      const until = performance.now() + limitMs
      while (!feeds.loaded && performance.now() < until) await delay(LOADED_CHECK_MS)
    },
    async drain() {
      admission.drain()
      for (const hub of feeds.hubs()) void hub.polls.wake()
      await sendAway(feeds, config.DRAIN_MS)
      await reports.close()
      feeds.close()
      await feeds.gate?.close()
    },
  }
}

async function sendAway(feeds: OpenFeeds, limitMs: number): Promise<void> {
  const count = () => feeds.hubs().reduce((sum, { sessions }) => sum + sessions.size, 0)
  const steps = Math.max(1, Math.floor(limitMs / DRAIN_STEP_MS) - 1)
  const batch = Math.max(DRAIN_BATCH, Math.ceil(count() / steps))
  const dismissed = new WeakSet<object>()
  for (let step = 0; step < steps && count() > 0; step++) {
    let left = batch
    for (const { sessions } of feeds.hubs()) {
      for (const session of sessions.all()) {
        if (left === 0) break
        if (dismissed.has(session)) continue
        dismissed.add(session)
        left--
        session.connection.end('draining', returnAfterMs())
      }
    }
    await delay(DRAIN_STEP_MS)
  }
}
