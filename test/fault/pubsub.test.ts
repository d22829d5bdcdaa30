import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { Cluster, freePort } from '../support/cluster.ts'
import { begun, settle, startReaders } from '../support/ledger.ts'
import { Poster } from '../support/poster.ts'
import { PubSubProxy, type MessageFate } from '../support/pubsub-proxy.ts'
import type { Reader } from '../support/readers.ts'

/** The tail check comes once a second; the rest is for a busy computer. */
const TAIL_LIMIT_MS = 5_000

let cluster: Cluster | undefined
let proxy: PubSubProxy | undefined
afterEach(async () => {
  await cluster?.close()
  proxy?.close()
})

async function startBehindProxy(fate: MessageFate): Promise<{ cluster: Cluster; proxy: PubSubProxy }> {
  const redisPort = await freePort()
  proxy = await PubSubProxy.start(redisPort, fate)
  cluster = await Cluster.start({ gateways: 2, redisPort, gatewayRedisUrl: proxy.url })
  return { cluster, proxy }
}

it('finds every line in the log when each message of the live channel is lost', async () => {
  const { cluster, proxy } = await startBehindProxy('drop')
  const readers = startReaders(cluster)
  await begun(readers)
  const poster = new Poster(cluster.apis)

  poster.start(50)
  await pause(4_000)

  const ledger = await settle('every pub/sub message dropped', { cluster, readers, poster })
  expect(ledger.faults).toEqual([])
  for (const { resets, disconnects } of ledger.accounts) expect([resets, disconnects]).toEqual([0, 0])
  expect(proxy.spoiled).toBeGreaterThan(100)
  const slowest = Math.max(...readers.flatMap((reader) => delays(reader, poster)))
  process.stdout.write(`slowest line: ${Math.round(slowest)} ms after its acknowledgement\n`)
  expect(slowest).toBeLessThan(TAIL_LIMIT_MS)
}, 60_000)

it('gives each line once and in order when live messages are repeated and change places', async () => {
  const { cluster, proxy } = await startBehindProxy('repeat-and-reorder')
  const readers = startReaders(cluster)
  await begun(readers)
  const poster = new Poster(cluster.apis)

  poster.start(100)
  await pause(4_000)

  const ledger = await settle('pub/sub messages repeated and reordered', { cluster, readers, poster })
  expect(ledger.faults).toEqual([])
  for (const { resets, disconnects } of ledger.accounts) expect([resets, disconnects]).toEqual([0, 0])
  expect(proxy.spoiled).toBeGreaterThan(100)
}, 60_000)

/** From the acknowledgement of a change to its arrival, in ms. */
function delays({ steps }: Reader, { acknowledged }: Poster): number[] {
  const promised = new Map(acknowledged.map(({ position, at }) => [position, at]))
  return steps.map(({ at, frame }) => at - (promised.get(frame.position) ?? at))
}
