import { afterEach, expect, it } from '@jest/globals'
import type { Redis } from 'ioredis'
import { openStore, type Store } from '../../src/eventlog/store/store.ts'
import { newId, publish, save } from '../support/changes.ts'
import type { Member } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { createTestFeed } from '../support/redis.ts'
import { Scenario, snapshotOf } from '../support/scenario.ts'

const LIMIT_MS = 20_000

type Damage = (store: Store) => Promise<unknown>
const keysOf = ({ keys }: Store) => keys.feed('aa')
const damages: readonly (readonly [string, Damage])[] = [
  [
    'definition',
    async (store) => {
      await store.redis.del(keysOf(store).definition)
      await store.redis.hset(keysOf(store).definition, 'wrong', 'field')
    },
  ],
  ['head', (store) => store.redis.hset(keysOf(store).head, 'seq', 'many')],
  ['log', (store) => store.redis.set(keysOf(store).log, 'x')],
  ['strip', (store) => store.redis.hset(keysOf(store).strip, 'x', '{')],
  ['due set', (store) => store.redis.set(keysOf(store).due, 'x')],
]
/** `FAULTS=full` damages each record that processes read at their start or for a release. */
const tried = process.env.FAULTS === 'full' ? damages : damages.slice(0, 1)

let scenario: Scenario | undefined
let admin: Redis | undefined
afterEach(async () => {
  admin?.disconnect()
  await scenario?.close()
})

it.each(tried)(
  'loses nothing in the other feed, and names the record, when the %s of a feed is damaged and processes start again',
  async (what, damage) => {
    scenario = await Scenario.start({ gateways: 2 })
    const { cluster, poster } = scenario
    admin = cluster.redisAs('admin')
    const store = openStore(admin, { keptEvents: 1_000 })
    // The id sorts before `en`.
    await createTestFeed(store, { id: 'aa' })

    poster.start(30)
    await damage(store)
    const [, restarted] = cluster.gateways as [Member, Member]
    for (const member of [restarted, ...cluster.workers]) {
      await member.kill()
      await member.start()
    }
    const before = poster.acknowledged.length
    await eventually('changes are acknowledged', LIMIT_MS, () => poster.acknowledged.length > before + 20)
    for (const { role, url } of [restarted, ...cluster.apis, ...cluster.workers])
      await eventually(`${role} is ready`, LIMIT_MS, async () => (await fetch(`${url}/readyz`)).ok)
    await eventually('a process names the record', LIMIT_MS, () =>
      cluster.members.some(({ log }) =>
        log.some(({ event, name }) => event === 'record-damaged' && String(name).includes('{aa}')),
      ),
    )

    const ledger = await scenario.settle(`the ${what} of another feed is damaged`)
    expect(ledger.faults).toEqual([])
    // Only a sweep finds a headline whose doorbell is lost.
    const id = newId()
    await save(store, publish(id, 'Nobody has rung'))
    await eventually('a sweep has released it', LIMIT_MS, async () =>
      (await snapshotOf(restarted)).strip.some((line) => line.id === id),
    )
  },
  90_000,
)
