import { afterEach, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { Cluster, type Member } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { RawClient } from '../support/raw-client.ts'
import { PollingReader } from '../support/readers.ts'
import { Scenario } from '../support/scenario.ts'

let scenario: Scenario | undefined
let cluster: Cluster | undefined
afterEach(async () => {
  await scenario?.close()
  await cluster?.close()
  scenario = cluster = undefined
})

it('restarts one dead process of a gateway alone, and loses no event', async () => {
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
  // One process answers for all of them: four streams, two of which have reconnected.
  await eventually('sessions of both processes', 10_000, async () => {
    return (await gateway.metric('flashline_sessions')) === readers.length - 2
  })
  const ledger = await scenario.settle('kill -9 of one gateway process')

  expect(ledger.faults).toEqual([])
  expect(gateway.log).toContainEqual(expect.objectContaining({ event: 'process-died', signal: 'SIGKILL' }))
}, 60_000)

it('starts one process for each core with auto, and all of them serve readers', async () => {
  cluster = await Cluster.start({ env: { GATEWAY_PROCESSES: 'auto' } })
  const [gateway] = cluster.gateways
  if (!gateway) throw new Error('no gateway')
  expect(await childrenOf(gateway.pid)).toHaveLength(availableParallelism())
  // The cluster module gives new connections to the processes in turn.
  const clients = await connected(gateway, 2 * availableParallelism())
  expect(clients.map(({ statuses }) => statuses)).toEqual(clients.map(() => [200]))
  for (const client of clients) client.close()
}, 60_000)

it('goes on when a process dies that has just requested the metrics of all processes', async () => {
  cluster = await Cluster.start({ env: { GATEWAY_PROCESSES: '2' } })
  const [gateway] = cluster.gateways
  if (!gateway) throw new Error('no gateway')
  const [victim, survivor] = await childrenOf(gateway.pid)
  // New connections go to the processes in turn, so each half has connections to both processes.
  const [askers, bystanders] = [await connected(gateway, 4), await connected(gateway, 4)]

  // The stopped supervisor handles the requests only after one of the requesting processes is dead.
  process.kill(gateway.pid, 'SIGSTOP')
  for (const asker of askers) asker.send(request('/metrics'))
  for (const bystander of bystanders) bystander.send(request('/healthz'))
  await eventually('the processes have handled the later requests', 20_000, () =>
    bystanders.every(({ statuses }) => statuses.length === 2),
  )
  process.kill(Number(victim), 'SIGKILL')
  await eventually('the victim is dead', 20_000, () => isGone(String(victim)))
  process.kill(gateway.pid, 'SIGCONT')

  await eventually('two processes again, the survivor among them', 10_000, async () => {
    const now = await childrenOf(gateway.pid)
    return now.length === 2 && now.includes(String(survivor)) && !now.includes(String(victim))
  })
  await eventually('the feed is served', 10_000, async () => {
    const answer = await fetch(`${gateway.url}/v1/feeds/en`).catch(() => undefined)
    return answer?.status === 200
  })
  for (const client of [...askers, ...bystanders]) client.close()
}, 60_000)

it('closes its readers with bye before it ends, when the supervisor is killed', async () => {
  scenario = await Scenario.start({ env: { GATEWAY_PROCESSES: '2', DRAIN_MS: '1000' } })
  const { cluster, readers, poster } = scenario
  const [gateway] = cluster.gateways
  if (!gateway) throw new Error('no gateway')
  poster.start(50)
  const processes = await childrenOf(gateway.pid)
  const streams = readers.filter((reader) => !(reader instanceof PollingReader))

  await gateway.kill()
  await eventually('every stream got a bye', 10_000, () => streams.every(({ byes }) => byes.length > 0))
  await eventually('the processes are gone', 15_000, async () => {
    return (await Promise.all(processes.map(isGone))).every(Boolean)
  })
  await gateway.start()
  const ledger = await scenario.settle('kill -9 of the supervisor of a gateway')

  expect(ledger.faults).toEqual([])
  // A reader that comes back before the feed is loaded gets another bye.
  for (const { byes } of streams) {
    const [first, ...others] = byes.map(({ reason }) => reason)
    expect([first, ...new Set(others)]).toEqual(['draining', ...(others.length > 0 ? ['unavailable'] : [])])
  }
}, 60_000)

it('ends even when one of its processes does not', async () => {
  cluster = await Cluster.start({ env: { GATEWAY_PROCESSES: '2', DRAIN_MS: '0' } })
  const [gateway] = cluster.gateways
  if (!gateway) throw new Error('no gateway')
  const [stuck] = await childrenOf(gateway.pid)
  process.kill(Number(stuck), 'SIGSTOP')

  expect(await gateway.stop()).toMatchObject({ code: 0 })
  expect(await isGone(String(stuck))).toBe(true)
  expect(gateway.log).toContainEqual(
    expect.objectContaining({ event: 'process-killed', process: Number(stuck) }),
  )
}, 60_000)

const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** Number of connections that a process has accepted. */
async function connected({ url }: Member, count: number): Promise<RawClient[]> {
  const clients = Array.from({ length: count }, () => new RawClient(Number(new URL(url).port)))
  for (const client of clients) {
    client.send(request('/healthz'))
    expect(await client.answer()).toBe(200)
  }
  return clients
}

async function childrenOf(pid: number): Promise<string[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return children.trim().split(' ')
}

/** Whether a process has ended; a zombie, whose exit code is not read yet, has ended too. */
async function isGone(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z ')
  return stat.includes(') Z ')
}
