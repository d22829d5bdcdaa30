import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { eventOf, readAfter } from '../../src/eventlog/read-log.ts'
import { openStore } from '../../src/eventlog/store/store.ts'
import { Cluster, editorKey } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { Poster } from '../support/poster.ts'
import { ledgerOf, type Answered } from '../support/webhook-ledger.ts'
import { startReceiver, type Receiver } from '../support/webhook-receiver.ts'

let cluster: Cluster | undefined
const receivers: Receiver[] = []
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close()
  await cluster?.close()
})

interface Shown {
  readonly id: string
  readonly status: string
  readonly position: string
  readonly failures: number
}

/** Servers of partners: a quick one, a slow one, and two that fail at times. */
const kinds = [
  { name: 'quick', waitMs: 0, fails: () => false },
  { name: 'slow', waitMs: 60, fails: () => false },
  { name: 'fails at times', waitMs: 0, fails: (turn: number) => turn % 40 === 39 },
  { name: 'slow, fails at times', waitMs: 20, fails: (turn: number) => turn % 30 === 29 },
]

it('keeps the order and every event for webhooks while workers and Redis are killed', async () => {
  cluster = await Cluster.start({
    ...{ apis: 1, gateways: 0, workers: 2 },
    env: { WEBHOOK_ALLOW_ADDRESSES: '127.0.0.1' },
  })
  const { apis, workers } = cluster
  const [api] = apis
  const call = async <Body>(method: string, path: string, body?: object): Promise<Body> => {
    const answer = await fetch(`${api?.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${editorKey}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Body
  }
  const partner = await call<{ id: string }>('POST', '/v1/partners', {
    name: 'A',
    contact: 'a',
    feeds: ['en'],
  })
  const hooks = `/v1/partners/${partner.id}/webhooks`
  const sides = await Promise.all(
    kinds.map(async ({ name, waitMs, fails }) => {
      const answered: Answered[] = []
      const receiver = await startReceiver((response, message) => {
        const isTaken = !fails(answered.length)
        answered.push({ message, isTaken })
        setTimeout(() => response.writeHead(isTaken ? 204 : 500).end(), waitMs)
      })
      receivers.push(receiver)
      const { id } = await call<Shown>('POST', hooks, { feed: 'en', url: receiver.url })
      return { name, id, answered }
    }),
  )

  const poster = new Poster(apis)
  poster.start(40)
  for (const round of [0, 1]) {
    for (const worker of workers) {
      await pause(700)
      await worker.kill()
      await pause(300)
      await worker.start()
    }
    await cluster.killRedis()
    await pause(round * 500)
    await cluster.startRedis()
  }
  await eventually('changes are acknowledged', 60_000, () => poster.acknowledged.length > 150)
  await poster.stop()
  expect(poster.refused).toEqual([])

  const admin = cluster.redisAs('admin')
  const entries = await readAfter(openStore(admin, { keptEvents: 1 }), 'en', 0, 100_000)
  const log = entries.map((entry) => eventOf(entry))
  const end = log.at(-1)?.position
  await eventually('every webhook has everything', 60_000, async () => {
    const { webhooks } = await call<{ webhooks: readonly Shown[] }>('GET', hooks)
    return webhooks.every(({ position }) => position === end)
  })
  const refusals = await cluster.refusals()
  admin.disconnect()
  const ledgers = sides.map(({ name, answered }) => ({ name, ...ledgerOf(log, answered) }))
  console.log(`webhooks: ${log.length} events\n${ledgers.map((each) => JSON.stringify(each)).join('\n')}`)
  expect(
    ledgers.flatMap(({ name, faults }) => faults.slice(0, 5).map((fault) => `${name}: ${fault}`)),
  ).toEqual([])
  expect(refusals).toEqual([])
}, 180_000)
