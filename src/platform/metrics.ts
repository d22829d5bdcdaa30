import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type Aggregator } from 'prom-client'

/** Interval of the event loop delay samples. Each sample wakes the process, so 10 ms would be most of its idle work. */
const LOOP_SAMPLE_MS = 100

/** All metrics of one process. Operators build alarms on the names, so they do not change. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({
    register: registry,
    prefix: 'flashline_',
    eventLoopMonitoringPrecision: LOOP_SAMPLE_MS,
  })
  const registers = [registry]
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `flashline_${name}`, help, labelNames, registers })
  /** `aggregator`: how the values of several processes are combined. */
  const gauge = (name: string, help: string, labelNames: string[] = [], aggregator: Aggregator = 'sum') =>
    new Gauge({ name: `flashline_${name}`, help, labelNames, registers, aggregator })
  const seconds = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `flashline_${name}`, help, buckets, registers })

  return {
    registry,
    headSeq: gauge('feed_head_seq', 'Newest seq that this gateway holds', ['feed'], 'min'),
    lagSeconds: seconds(
      'release_to_gateway_seconds',
      'Time from release to arrival at this gateway, measured with the clocks of two computers',
      [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    ),
    holesHealed: counter('holes_healed_total', 'Gaps in the live channel filled from the log', ['feed']),
    eventsHealed: counter(
      'events_healed_total',
      'Events read from the log because they did not arrive live',
      ['feed'],
    ),
    forks: counter('log_forks_total', 'New epochs because Redis lost released events', ['feed']),
    marksUnfit: counter(
      'marks_unfit_total',
      'Readers whose mark does not fit the log; signed: Flashline has given out the mark, so Redis has lost events',
      ['feed', 'signed'],
    ),
    resets: counter('resets_total', 'Times that a reader was sent the whole strip', ['reason']),
    sessions: gauge('sessions', 'Readers connected', ['transport']),
    readersByKey: gauge('readers_by_key', 'Readers connected with a partner key', ['key']),
    blockedSessions: gauge(
      'sessions_blocked',
      'Readers whose connection accepts no more bytes at the moment',
    ),
    deliveries: counter('deliveries_total', 'Events written to readers'),
    sessionsClosed: counter('sessions_closed_total', 'Readers closed by this gateway', ['reason']),
    connectionsRefused: counter(
      'connections_refused_total',
      'Connections refused before they were admitted',
      ['reason'],
    ),
    connectionsSilent: counter(
      'redis_connections_silent_total',
      'Connections to Redis that did not answer and were made anew',
      ['connection'],
    ),
    channelsRefused: gauge('redis_channels_refused', 'Channels to which Redis lets this process not listen'),
    staleFeeds: gauge('feeds_stale', 'Feeds whose log could not be reached at the last check', [], 'max'),
    linesArchived: counter('lines_archived_total', 'Headlines moved to the archive by this process', [
      'feed',
    ]),
    released: counter('released_total', 'Events released by this process', ['feed']),
    releaseFallback: counter(
      'release_fallback_total',
      'Headlines that the API released because no worker did in time',
      ['feed'],
    ),
    actsRepeated: counter(
      'acts_repeated_total',
      'Holds, withdrawals and expiries that Redis had lost and this process has repeated',
      ['feed'],
    ),
    lostLines: counter(
      'lost_lines_total',
      'Headlines put to the desk because Redis had lost an act on them',
      ['feed'],
    ),
    doorbellsLost: counter('doorbells_lost_total', 'Release jobs that could not be queued'),
    acceptSeconds: seconds(
      'accept_to_release_seconds',
      'Time from the request to the release, for headlines without a delay',
      [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    ),
    overdueSeconds: gauge(
      'overdue_seconds',
      'Age of the oldest headline or change that should be released by now',
      [],
      'max',
    ),
    storeFaults: gauge(
      'store_faults',
      'Damaged records and missing rights in Redis that this process has met',
      ['kind'],
    ),
    webhookTries: counter(
      'webhook_tries_total',
      "Messages sent to partners' servers by this process; outcome: delivered, or the fault",
      ['outcome'],
    ),
    jobsFailed: counter('jobs_failed_total', 'Worker jobs that failed', ['queue']),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
