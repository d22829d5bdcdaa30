import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type Aggregator } from 'prom-client'

/** Between two looks at the event loop's delay: each wakes the process, and at 10 ms that was most of its idle work. */
const LOOP_LOOK_MS = 100

/** All measurements of one process; the names are what operators build alarms on. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({
    register: registry,
    prefix: 'flashline_',
    eventLoopMonitoringPrecision: LOOP_LOOK_MS,
  })
  const registers = [registry]
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `flashline_${name}`, help, labelNames, registers })
  /** `aggregator`: what the figures of several processes make together. */
  const gauge = (name: string, help: string, labelNames: string[] = [], aggregator: Aggregator = 'sum') =>
    new Gauge({ name: `flashline_${name}`, help, labelNames, registers, aggregator })
  const seconds = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `flashline_${name}`, help, buckets, registers })

  return {
    registry,
    headSeq: gauge('feed_head_seq', 'Newest seq that this gateway holds', ['feed'], 'min'),
    lagSeconds: seconds(
      'release_to_gateway_seconds',
      'From release to this gateway, by two clocks',
      [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    ),
    holesHealed: counter('holes_healed_total', 'Gaps in the live channel filled from the log', ['feed']),
    eventsHealed: counter(
      'events_healed_total',
      'Events read from the log because they did not arrive live',
      ['feed'],
    ),
    forks: counter('log_forks_total', 'New epochs because Redis lost released events', ['feed']),
    resets: counter('resets_total', 'Readers given the whole strip', ['reason']),
    sessions: gauge('sessions', 'Readers connected', ['transport']),
    readersByKey: gauge('readers_by_key', 'Readers connected that named a key', ['key']),
    blockedSessions: gauge('sessions_blocked', 'Readers whose connection takes nothing at the moment'),
    deliveries: counter('deliveries_total', 'Events written to readers'),
    sessionsClosed: counter('sessions_closed_total', 'Readers closed by this gateway', ['reason']),
    connectionsRefused: counter('connections_refused_total', 'Readers refused before they were connected', [
      'reason',
    ]),
    staleFeeds: gauge('feeds_stale', 'Feeds whose log could not be reached at the last check', [], 'max'),
    released: counter('released_total', 'Events released by this process', ['feed']),
    releaseFallback: counter('release_fallback_total', 'Lines that the API released because no worker had', [
      'feed',
    ]),
    doorbellsLost: counter('doorbells_lost_total', 'Release jobs that could not be queued'),
    acceptSeconds: seconds(
      'accept_to_release_seconds',
      'From the request of an immediate line to its release',
      [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    ),
    jobsFailed: counter('jobs_failed_total', 'Worker jobs that threw', ['queue']),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
