import { afterEach, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { eventually } from '../support/eventually.ts'
import { Scenario } from '../support/scenario.ts'

let scenario: Scenario | undefined
afterEach(() => scenario?.close())

it('restarts one dead process of a gateway alone, and loses no line', async () => {
  scenario = await Scenario.start({ env: { GATEWAY_PROCESSES: '2' } })
  const { cluster, readers, poster } = scenario
  const [gateway] = cluster.gateways
  if (!gateway) throw new Error('no gateway')
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
  const ledger = await scenario.settle('kill -9 of one gateway process')

  expect(ledger.faults).toEqual([])
  expect(gateway.log).toContainEqual(expect.objectContaining({ event: 'process-died', signal: 'SIGKILL' }))
}, 60_000)

async function childrenOf(pid: number): Promise<string[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return children.trim().split(' ')
}
