import { afterEach, expect, it } from '@jest/globals'
import type { Page } from '../../src/protocol/frames.ts'
import { Cluster } from '../support/cluster.ts'
import { begun, settle, startReaders } from '../support/ledger.ts'
import { Poster } from '../support/poster.ts'

let cluster: Cluster | undefined
afterEach(() => cluster?.close())

it('withdraws a line that a full strip would push out before its withdrawal is released', async () => {
  cluster = await Cluster.start({ apis: 2, env: { RELEASE_FALLBACK_MS: '1000' } })
  const { gateways, workers } = cluster
  const readers = startReaders(cluster)
  await begun(readers)
  const poster = new Poster(cluster.apis)
  const first = await poster.publish()
  await poster.publishMany(49)

  // With no worker, both wait for the fallback and are released together, the new line first.
  await Promise.all(workers.map((worker) => worker.kill()))
  const another = poster.publish()
  await new Promise((resume) => setTimeout(resume, 300))
  const withdrawn = await poster.withdraw(first?.id ?? '')
  await another

  expect(withdrawn?.position).toBeDefined()
  const ledger = await settle('withdrawal while the strip is full', { cluster, readers, poster })
  expect(ledger.faults).toEqual([])
  const [epoch] = ledger.snapshot.position.split(':')
  const replay = await fetch(`${gateways[0]?.url}/v1/feeds/en/events?after=${epoch}:0&limit=500`)
  const { events } = (await replay.json()) as Page
  expect(events.filter(({ headline }) => headline.id === first?.id)).toMatchObject([
    { op: 'publish', headline: { status: 'withdrawn' } },
    { op: 'withdraw', headline: { status: 'withdrawn' } },
  ])
}, 60_000)
