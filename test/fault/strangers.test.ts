import { afterEach, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { Cluster, type Member } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { handshake, RawClient } from '../support/raw-client.ts'

const ROUNDS = 200

let cluster: Cluster | undefined
afterEach(() => cluster?.close())

it('no process of any role ends because clients reset their upgrades', async () => {
  cluster = await Cluster.start()
  for (const member of cluster.members) {
    const before = await startedAt(member)
    for (let round = 0; round < ROUNDS; round++) await upgradeAndReset(member)
    // Gives the errors of the last connections time to appear.
    await eventually(`${member.role} answers`, 20_000, () => answers(member))
    expect(await startedAt(member)).toBe(before)
  }
}, 60_000)

async function upgradeAndReset({ url }: Member): Promise<void> {
  const client = new RawClient(Number(new URL(url).port))
  const connected = once(client.socket, 'connect')
  client.send(handshake('/v1/feeds/en/live'))
  await connected
  client.socket.resetAndDestroy()
}

async function answers({ url }: Member): Promise<boolean> {
  const response = await fetch(`${url}/healthz`).catch(() => undefined)
  return response?.status === 200
}

function startedAt(member: Member): Promise<number> {
  return member.metric('flashline_process_start_time_seconds')
}
