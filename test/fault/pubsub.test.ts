import { afterEach, expect, it } from '@jest/globals'
import { freePort } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { Scenario } from '../support/scenario.ts'
import type { Poster } from '../support/poster.ts'
import { PubSubProxy, type MessageFate } from '../support/pubsub-proxy.ts'
import type { Reader } from '../support/readers.ts'

const LIMIT_MS = 40_000

let scenario: Scenario | undefined
let proxy: PubSubProxy | undefined
afterEach(async () => {
  await scenario?.close()
  proxy?.close()
})

async function startBehindProxy(fate: MessageFate): Promise<{ scenario: Scenario; proxy: PubSubProxy }> {
  const redisPort = await freePort()
  proxy = await PubSubProxy.start(redisPort, fate)
  scenario = await Scenario.start({ gateways: 2, redisPort, gatewayRedisUrl: proxy.url })
  return { scenario, proxy }
}

it('reads every event from the log when each message of the live channel is lost', async () => {
  const { scenario, proxy } = await startBehindProxy('drop')
  const { readers, poster } = scenario

  poster.start(50)
  await eventually('many messages are spoiled', LIMIT_MS, () => proxy.spoiled > 100)

  const ledger = await scenario.settle('every pub/sub message dropped')
  expect(ledger.faults).toEqual([])
  for (const { resets, disconnects } of ledger.accounts) expect([resets, disconnects]).toEqual([0, 0])
  const slowest = Math.max(...readers.flatMap((reader) => delays(reader, poster)))
  process.stdout.write(`slowest headline: ${Math.round(slowest)} ms after its acknowledgement\n`)
}, 120_000)

it('gives each event once and in order when live messages are repeated and reordered', async () => {
  const { scenario, proxy } = await startBehindProxy('repeat-and-reorder')
  const { poster } = scenario

  poster.start(100)
  await eventually('many messages are spoiled', LIMIT_MS, () => proxy.spoiled > 100)

  const ledger = await scenario.settle('pub/sub messages repeated and reordered')
  expect(ledger.faults).toEqual([])
  for (const { resets, disconnects } of ledger.accounts) expect([resets, disconnects]).toEqual([0, 0])
}, 120_000)

/** Time from the acknowledgement of a change to its arrival at the readers, in ms. */
function delays({ steps }: Reader, { acknowledged }: Poster): number[] {
  const promised = new Map(acknowledged.map(({ position, at }) => [position, at]))
  return steps.map(({ at, frame }) => at - (promised.get(frame.position) ?? at))
}
