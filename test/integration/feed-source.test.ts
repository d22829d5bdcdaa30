import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import { loadFeed, readHeads } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { SocketWriter } from '../../src/gateway/direct-write.ts'
import { FeedSource } from '../../src/gateway/feed-source.ts'
import { Hub } from '../../src/gateway/hub.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { newId, publish, save } from '../support/changes.ts'
import { createTestFeed, openTestLog } from '../support/redis.ts'

let log: Awaited<ReturnType<typeof openTestLog>>
let hub: Hub
let source: FeedSource
const told = new PassThrough()
beforeEach(async () => {
  log = await openTestLog()
  const feed = await createTestFeed(log)
  const loaded = await loadFeed(log, 'en', 100)
  if (!loaded) throw new Error('no feed')
  const metrics = createMetrics()
  const options = { heartbeatMs: 60_000, slowReaderMs: 60_000, resumeEvents: 100, resumeBytes: 1_000_000 }
  hub = new Hub(feed, loaded, { options, metrics, now: Date.now, writer: new SocketWriter() })
  source = new FeedSource('en', hub, { log, resumeEvents: 100, metrics, logger: pino(told) })
})
afterEach(async () => {
  hub.close()
  await log.close()
})

it('takes nothing for lost that is released while it looks', async () => {
  for (let line = 1; line <= 3; line++) {
    await save(log, publish(newId(), `Line ${line}`))
    // One connection, so the release is done when the first answer is there.
    await Promise.all([source.catchUp(), releaseDue(log, 'en')])
  }
  await source.catchUp()

  const [head] = await readHeads(log, ['en'])
  expect(head).toMatchObject({ seq: 3, chain: hub.log.head.chain })
  expect(hub.log.head.seq).toBe(3)
  expect(String(told.read() ?? '')).toBe('')
})

it('tells of what the log has lost, also when nothing has come since', async () => {
  await release('One')
  const { head, log: entries } = log.keys.feed('en')
  const kept = { [head]: `${head}-kept`, [entries]: `${entries}-kept` }
  for (const [key, copy] of Object.entries(kept)) await log.redis.copy(key, copy)
  await release('Two')
  await source.catchUp()
  for (const [key, copy] of Object.entries(kept)) await log.redis.rename(copy, key)
  await source.catchUp()

  const lines = String(told.read()).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({
      event: 'log-lost-events',
      lost: [expect.objectContaining({ position: hub.log.position, op: 'publish' })],
    }),
  ])
})

async function release(text: string): Promise<void> {
  await save(log, publish(newId(), text))
  await releaseDue(log, 'en')
}
