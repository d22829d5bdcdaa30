import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { Cluster } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { begun, settle, snapshotOf, startReaders } from '../support/ledger.ts'
import { Poster } from '../support/poster.ts'

let cluster: Cluster | undefined
afterEach(() => cluster?.close())

it('keeps readers connected and every accepted line when Redis is killed and comes back', async () => {
  cluster = await Cluster.start({ apis: 2, gateways: 2, workers: 2 })
  const [gateway] = cluster.gateways
  const readers = startReaders(cluster)
  await begun(readers)
  const poster = new Poster(cluster.apis)

  poster.start(50)
  for (const round of [1, 2]) {
    await pause(1_000)
    await cluster.killRedis()
    // Until then readers could take an old strip for the present one.
    if (round === 1)
      await eventually('marked stale', 6_000, async () => gateway && (await snapshotOf(gateway)).stale)
    await cluster.startRedis()
  }
  await pause(1_500)

  const ledger = await settle('kill -9 of Redis, twice', { cluster, readers, poster })
  expect(ledger.faults).toEqual([])
  expect(ledger.snapshot.stale).toBeUndefined()
  for (const { resets, disconnects } of ledger.accounts) expect({ resets, disconnects }).toEqual(untouched)
  expect(poster.acknowledged.length).toBeGreaterThan(100)
}, 60_000)

const untouched = { resets: 0, disconnects: 0 }
