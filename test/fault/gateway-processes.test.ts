import { afterEach, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { Cluster } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { begun, settle, startReaders } from '../support/ledger.ts'
import { Poster } from '../support/poster.ts'

let cluster: Cluster | undefined
afterEach(() => cluster?.close())

it('restarts one dead process of a gateway alone, and loses no line', async () => {
  cluster = await Cluster.start({ env: { GATEWAY_PROCESSES: '2' } })
  const [gateway] = cluster.gateways
  if (!gateway) throw new Error('no gateway')
  const readers = startReaders(cluster)
  await begun(readers)
  const poster = new Poster(cluster.apis)
  poster.start(50)

  const [victim, survivor] = await childrenOf(gateway.pid)
  process.kill(Number(victim), 'SIGKILL')
  await eventually('two processes again, the survivor among them', 10_000, async () => {
    const now = await childrenOf(gateway.pid)
    return now.length === 2 && now.includes(String(survivor)) && !now.includes(String(victim))
  })
  // Asked of one process, told for all of them: four streams, two of them back again.
  await eventually('sessions of both processes', 10_000, async () => {
    return (await gateway.metric('flashline_sessions')) === readers.length - 2
  })
  const ledger = await settle('kill -9 of one gateway process', { cluster, readers, poster })

  expect(ledger.faults).toEqual([])
  expect(gateway.log).toContainEqual(expect.objectContaining({ event: 'process-died', signal: 'SIGKILL' }))
}, 60_000)

async function childrenOf(pid: number): Promise<string[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return children.trim().split(' ')
}
