import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { loadFeed } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { parseReport, type ReceiptReport } from '../../src/fanout/receipt-report.ts'
import { SocketWriter } from '../../src/gateway/bytes/socket-writer.ts'
import { Hub } from '../../src/gateway/readers/hub.ts'
import { FeedSource } from '../../src/gateway/upstream/feed-source.ts'
import { ReceiptReports } from '../../src/gateway/upstream/receipt-reports.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { newId, publish, save } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { createTestFeed, openTestStore, testRedisUrl } from '../support/redis.ts'

const LIMIT_MS = 20_000
const ROUND_MS = 1_000

/** Only intervals are controlled by the test. */
const real = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
] as const

let store: Awaited<ReturnType<typeof openTestStore>>
/** The connection of the reports, which the test cuts. */
let ownRedis: Redis
let listener: Redis
let hub: Hub
let source: FeedSource
let reports: ReceiptReports
let heard: ReceiptReport[]
let logged: string[]
beforeEach(async () => {
  jest.useFakeTimers({ doNotFake: [...real] })
  heard = []
  logged = []
  store = await openTestStore()
  ownRedis = new Redis(testRedisUrl, { maxRetriesPerRequest: 0 })
  listener = new Redis(testRedisUrl)
  listener.on('message', (_channel, payload: string) => {
    const report = parseReport(payload)
    if (report) heard.push(report)
  })
  const feed = await createTestFeed(store)
  const loaded = await loadFeed(store, 'en', 100)
  if (!loaded) throw new Error('no feed')
  const metrics = createMetrics()
  const options = { heartbeatMs: 60_000, slowReaderMs: 60_000, resumeEvents: 100, resumeBytes: 1_000_000 }
  hub = new Hub(feed, loaded, { options, metrics, now: Date.now, writer: new SocketWriter() })
  const logger = pino({ level: 'warn' }, { write: (line: string) => logged.push(line) })
  source = new FeedSource('en', hub, { store, resumeEvents: 100, metrics, logger })
  reports = new ReceiptReports({ store: { ...store, redis: ownRedis }, hubs: () => [hub], logger })
})
afterEach(async () => {
  // Stops the timer; the last report may fail because the connection is cut.
  await reports.close()
  hub.close()
  for (const redis of [ownRedis, listener]) redis.disconnect()
  await store.close()
  jest.useRealTimers()
})

async function release(): Promise<string> {
  await save(store, publish(newId(), 'Line'))
  await releaseDue(store, 'en')
  await source.catchUp()
  return hub.log.position
}

/** Settles when a due report has been sent, since Redis answers commands in order. */
async function round(times = 1): Promise<void> {
  for (let n = 0; n < times; n++) {
    jest.advanceTimersByTime(ROUND_MS)
    await ownRedis.ping().catch(() => undefined)
  }
}

describe('reports of a gateway', () => {
  it('are repeated at the next round when one could not be sent', async () => {
    await listener.subscribe(store.keys.feed('en').written)
    reports.start()
    ownRedis.disconnect()
    await eventually('the connection is gone', LIMIT_MS, () => ownRedis.status === 'end')
    const position = await release()
    await round()
    await eventually('it says so', LIMIT_MS, () => logged.length === 1)
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({ event: 'written-not-reported', feed: 'en' })
    expect(heard).toEqual([])

    await ownRedis.connect()
    await round()
    const [report] = await eventually('the report is there', LIMIT_MS, () => heard.length === 1 && heard)
    expect(report).toMatchObject({ feed: 'en', events: [{ position }] })
  })

  it('are repeated ten rounds later when no api has received one, and not repeated otherwise', async () => {
    reports.start()
    const position = await release()
    await round()
    await listener.subscribe(store.keys.feed('en').written)
    await round(9)
    await listener.ping()
    expect(heard).toEqual([])

    await round()
    const [report] = await eventually('it is sent again', LIMIT_MS, () => heard.length === 1 && heard)
    expect(report).toMatchObject({ number: 2, events: [{ position }] })
    await round(12)
    await listener.ping()
    expect(heard).toHaveLength(1)
  })

  it('are sent at every round with new counts while an api listens', async () => {
    await listener.subscribe(store.keys.feed('en').written)
    reports.start()
    const first = await release()
    await round()
    const second = await release()
    await round()
    await round(3)
    await eventually('both are there', LIMIT_MS, () => heard.length === 2)
    expect(heard.map(({ number, events }) => [number, events.map(({ position }) => position)])).toEqual([
      [1, [first]],
      [2, [second]],
    ])
  })

  it('are all sent at once when an api asks for them', async () => {
    reports.start()
    const positions = [await release(), await release()]
    await round()
    await listener.subscribe(store.keys.feed('en').written)
    reports.reportAgain()
    await round()
    const [report] = await eventually('it is sent again', LIMIT_MS, () => heard.length === 1 && heard)
    expect(report?.events.map((event) => event.position)).toEqual(positions)
  })

  it('are sent a last time when the gateway stops', async () => {
    await listener.subscribe(store.keys.feed('en').written)
    const position = await release()
    await reports.close()
    const [report] = await eventually('the last report', LIMIT_MS, () => heard.length === 1 && heard)
    expect(report).toMatchObject({ number: 1, events: [{ position }] })
  })
})
