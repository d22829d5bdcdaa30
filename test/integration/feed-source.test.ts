import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import { loadFeed, readHeads } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { SocketWriter } from '../../src/gateway/bytes/socket-writer.ts'
import { FeedSource } from '../../src/gateway/upstream/feed-source.ts'
import { Hub } from '../../src/gateway/readers/hub.ts'
import { parseLive } from '../../src/fanout/live-event.ts'
import { parseWitness } from '../../src/fanout/witness.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { newId, publish, save } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { createTestFeed, openTestStore } from '../support/redis.ts'

let store: Awaited<ReturnType<typeof openTestStore>>
let hub: Hub
let source: FeedSource
const logs = new PassThrough()
beforeEach(async () => {
  store = await openTestStore()
  const feed = await createTestFeed(store)
  const loaded = await loadFeed(store, 'en', 100)
  if (!loaded) throw new Error('no feed')
  const metrics = createMetrics()
  const options = { heartbeatMs: 60_000, slowReaderMs: 60_000, resumeEvents: 100, resumeBytes: 1_000_000 }
  hub = new Hub(feed, loaded, { options, metrics, now: Date.now, writer: new SocketWriter() })
  source = new FeedSource('en', hub, { store, resumeEvents: 100, metrics, logger: pino(logs) })
})
afterEach(async () => {
  hub.close()
  await store.close()
})

it('does not report an event as lost that is released during the check', async () => {
  for (let line = 1; line <= 3; line++) {
    await save(store, publish(newId(), `Line ${line}`))
    // Redis handles one connection in order, so the release is done when the first answer arrives.
    await Promise.all([source.catchUp(), releaseDue(store, 'en')])
  }
  await source.catchUp()

  const [head] = await readHeads(store, ['en'])
  expect(head).toMatchObject({ seq: 3, chain: hub.log.head.chain })
  expect(hub.log.head.seq).toBe(3)
  expect(String(logs.read() ?? '')).toBe('')
})

it('reports the lost events of the log, even when no new event has arrived', async () => {
  await release('One')
  const { head, log: entries } = store.keys.feed('en')
  const kept = { [head]: `${head}-kept`, [entries]: `${entries}-kept` }
  for (const [key, copy] of Object.entries(kept)) await store.redis.copy(key, copy)
  await release('Two')
  await source.catchUp()
  for (const [key, copy] of Object.entries(kept)) await store.redis.rename(copy, key)
  await source.catchUp()

  const lines = String(logs.read()).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({
      event: 'log-lost-events',
      lost: [expect.objectContaining({ position: hub.log.position, op: 'publish' })],
    }),
  ])
})

describe('a live message', () => {
  it('with a known seq and another chain makes the gateway load the log again', async () => {
    const heard = await listen()
    await release('One')
    const { head, log: entries } = store.keys.feed('en')
    const kept = { [head]: `${head}-kept`, [entries]: `${entries}-kept` }
    for (const [key, copy] of Object.entries(kept)) await store.redis.copy(key, copy)
    await release('Two')
    await source.catchUp()
    for (const [key, copy] of Object.entries(kept)) await store.redis.rename(copy, key)
    await release('Another two')

    const message = await eventually('the other line is published', 20_000, () => heard.messages[2])
    expect(parseLive(message)).toMatchObject({ seq: hub.log.head.seq })
    source.onMessage(message)
    const witness = await eventually('it bears witness', 20_000, () => heard.witnesses[0])
    expect(parseWitness(witness)).toMatchObject({
      feed: 'en',
      head: hub.log.head,
      lost: [{ position: hub.log.position, op: 'publish' }],
    })
    heard.stop()
  })

  it('that follows the head is taken without reading the log; any other makes the gateway read it', async () => {
    const heard = await listen()
    await release('One')
    await release('Two')
    const [one = '', two = ''] = await eventually('both are published', 20_000, () =>
      heard.messages.length === 2 ? heard.messages : undefined,
    )
    source.onMessage(one)
    // The event is there at once, so the log was not read.
    expect(hub.log.head.seq).toBe(1)
    source.onMessage(one)
    source.onMessage(two.replace('Two', 'Forged'))
    expect(hub.log.head.seq).toBe(1)
    await eventually('the log is read', 20_000, () => hub.log.head.seq === 2)
    expect(hub.log.at(2).event).toMatchObject({ headline: { text: 'Two' } })
    heard.stop()
  })
})

/** The messages on the live and the witness channel of the feed. */
async function listen() {
  const { live, witness } = store.keys.feed('en')
  const listener = store.redis.duplicate()
  const [messages, witnesses]: string[][] = [[], []]
  listener.on('message', (channel, payload: string) =>
    (channel === live ? messages : witnesses)?.push(payload),
  )
  await listener.subscribe(live, witness)
  return { messages: messages!, witnesses: witnesses!, stop: () => listener.disconnect() }
}

async function release(text: string): Promise<void> {
  await save(store, publish(newId(), text))
  await releaseDue(store, 'en')
}
