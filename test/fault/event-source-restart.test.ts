import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '../support/eventually.ts'
import { EventSourceReader } from '../support/event-source-reader.ts'
import { RawClient } from '../support/raw-client.ts'
import { Scenario } from '../support/scenario.ts'

const EVENT_SOURCES = 450
/** An EventSource comes back after at most 5 s. */
const RETURN_LIMIT_MS = 20_000

let scenario: Scenario | undefined
const lingering: RawClient[] = []
afterEach(async () => {
  for (const client of lingering.splice(0)) client.close()
  await scenario?.close()
})

it('brings every EventSource back in a rolling restart without a lost or repeated event', async () => {
  // Too few connections a second for all at once: the others are told that the server is busy.
  const env = { LOG_LEVEL: 'warn', CONNECTS_PER_SECOND: '100' }
  scenario = await Scenario.start({ gateways: 2, eventSources: EVENT_SOURCES, env })
  const { cluster, poster, readers } = scenario

  poster.start(10)
  for (const gateway of cluster.gateways) {
    const before = byesOf(readers)
    // The gateway waits two seconds for a reader that does not close its side. Some readers are back before.
    lingering.push(await linger(gateway.url))
    await gateway.stop()
    await gateway.start()
    await eventually('every EventSource of the gateway has been sent away', RETURN_LIMIT_MS, () => {
      return byesOf(readers) - before >= EVENT_SOURCES / 2
    })
    await pause(500)
  }
  const ledger = await scenario.settle(`SIGTERM rolling restart, ${EVENT_SOURCES} EventSources`)

  expect(ledger.faults).toEqual([])
  for (const { resets } of ledger.accounts) expect(resets).toBe(0)
}, 120_000)

async function linger(url: string): Promise<RawClient> {
  const client = new RawClient(Number(new URL(url).port))
  client.send('GET /v1/feeds/en/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n')
  await eventually('the stream has begun', RETURN_LIMIT_MS, () => client.received.includes('hello'))
  return client
}

function byesOf(readers: Scenario['readers']): number {
  return readers
    .filter((reader) => reader instanceof EventSourceReader)
    .reduce((sum, { byes }) => sum + byes.length, 0)
}
