import { afterEach, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { Cluster } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { RawClient } from '../support/raw-client.ts'
import { Scenario } from '../support/scenario.ts'

let scenario: Scenario | undefined
let cluster: Cluster | undefined
afterEach(async () => {
  await scenario?.close()
  await cluster?.close()
  scenario = cluster = undefined
})

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

it('goes on when a process dies that has just asked for the measurements of all', async () => {
  cluster = await Cluster.start({ env: { GATEWAY_PROCESSES: '2' } })
  const [gateway] = cluster.gateways
  if (!gateway) throw new Error('no gateway')
  const processes = await childrenOf(gateway.pid)
  // New connections go round, so some of these are at either process.
  const clients = Array.from({ length: 4 }, () => new RawClient(Number(new URL(gateway.url).port)))
  const ask = (path: string) => {
    for (const client of clients) client.send(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
  }
  ask('/healthz')
  for (const client of clients) expect(await client.answer()).toBe(200)

  // What the supervisor is asked waits until those who asked are dead.
  process.kill(gateway.pid, 'SIGSTOP')
  ask('/metrics')
  // Behind the first on its connection: answered by a process that has sent its question.
  await Promise.all(processes.map((pid) => asked(pid)))
  for (const pid of processes) process.kill(Number(pid), 'SIGKILL')
  await Promise.all(processes.map((pid) => eventually('it is dead', 5_000, () => isDead(pid))))
  process.kill(gateway.pid, 'SIGCONT')

  await eventually('two new processes', 10_000, async () => {
    const now = await childrenOf(gateway.pid)
    return now.length === 2 && !now.some((pid) => processes.includes(pid))
  })
  await eventually('the feed is served', 10_000, async () => {
    const answer = await fetch(`${gateway.url}/v1/feeds/en`).catch(() => undefined)
    return answer?.status === 200
  })
  for (const client of clients) client.close()
}, 60_000)

async function childrenOf(pid: number): Promise<string[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return children.trim().split(' ')
}
