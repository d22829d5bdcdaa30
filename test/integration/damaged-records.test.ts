import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Store } from '../../src/eventlog/store/store.ts'
import { correct, newId, publish, save } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { startSystem, systemKey, type System } from '../support/system.ts'

const LIMIT_MS = 8_000

let system: System
beforeEach(async () => {
  system = await startSystem({ SWEEP_MS: 200, TAIL_CHECK_MS: 50 })
  // The id sorts before `en`.
  await system.createFeed({ id: 'aa', lang: 'en' })
  await system.serves('aa')
})
afterEach(() => system.close())

type Damage = (store: Store) => Promise<unknown>
const keysOf = ({ keys }: Store) => keys.feed('aa')

async function replaceByHash({ redis }: Store, key: string): Promise<void> {
  await redis.del(key)
  await redis.hset(key, { wrong: 'field' })
}

async function saveAndDamage(
  store: Store,
  damage: (id: string, member: string) => Promise<unknown>,
): Promise<void> {
  const id = newId()
  await save(store, publish(id, 'Damaged', { feed: 'aa', dueAt: Date.now() + 1_000 }))
  const member = (await store.redis.zrange(keysOf(store).due, '0', '0'))[0] ?? ''
  await damage(id, member)
}

const damages: [string, Damage][] = [
  ['a definition that is a hash', (store) => replaceByHash(store, keysOf(store).definition)],
  ['a definition without its members', (store) => store.redis.set(keysOf(store).definition, '{"id":"aa"}')],
  ['a head with a word for a number', (store) => store.redis.hset(keysOf(store).head, 'seq', 'many')],
  ['a head that is a text', (store) => store.redis.set(keysOf(store).head, 'x')],
  ['a log that is a text', (store) => store.redis.set(keysOf(store).log, 'x')],
  ['a policy that is no JSON', (store) => store.redis.hset(keysOf(store).policy, 'current', '{')],
  ['a due set that is a text', (store) => store.redis.set(keysOf(store).due, 'x')],
  ['a headline in the strip that is no JSON', (store) => store.redis.hset(keysOf(store).strip, 'x', '{')],
  ['a frozen key that is no JSON', (store) => store.redis.hset(keysOf(store).frozenKeys, 'x', '{')],
  ['a note for a story that is no JSON', (store) => store.redis.hset(keysOf(store).storyTodo, 'x', '{')],
  [
    'a due change that is no JSON',
    (store) => saveAndDamage(store, (_id, member) => store.redis.hset(keysOf(store).changes, member, '{')),
  ],
  [
    'a due change of an unknown kind',
    (store) =>
      saveAndDamage(store, (_id, member) =>
        store.redis.hset(keysOf(store).changes, member, '{"op":"shout"}'),
      ),
  ],
  [
    'a due headline that is no JSON',
    (store) => saveAndDamage(store, (id) => store.redis.hset(keysOf(store).states, id, '{')),
  ],
]

describe.each(damages)('a feed with %s', (_name, damage) => {
  it('harms no other feed, and is named', async () => {
    await damage(system.store)
    const reader = await system.connect('en')
    const id = newId()
    await save(system.store, publish(id, 'Nobody has rung'))
    expect(await reader.take(1)).toMatchObject([{ op: 'publish', headline: { id } }])
    await system.publish('en', ['By the api'])
    for (const path of ['/v1/approvals', '/v1/stories/any', '/v1/keys', '/v1/accounts']) {
      const { status } = await system.get(path, { Authorization: `Bearer ${systemKey}` })
      expect([path, status]).toEqual([path, 200])
    }

    const gateway = await startSystem({ REDIS_PREFIX: system.prefix }, 'gateway').catch((error: unknown) => {
      throw new Error('a new gateway does not serve the other feed', { cause: error })
    })
    try {
      expect((await gateway.snapshot('en')).body.strip).toHaveLength(2)
      expect((await gateway.get('/readyz')).status).toBe(200)
      await eventually('the damage is named', LIMIT_MS, async () => {
        return [...(await warnings(system)), ...(await warnings(gateway))].includes('records-damaged')
      })
    } finally {
      await gateway.close()
    }
  })
})

it('a damaged headline does not hold up the others of its feed, nor makes a correction come twice', async () => {
  const { store } = system
  const [old] = await system.publish('aa', ['Old'])
  const [line] = await system.publish('aa', ['First'])
  await store.redis.hset(keysOf(store).states, old!.headline.id, '{')
  // The strip is too long, so each release looks at the damaged headline.
  const definition = JSON.parse((await store.redis.get(keysOf(store).definition)) ?? '{}') as object
  await store.redis.set(keysOf(store).definition, JSON.stringify({ ...definition, stripLimit: 1 }))

  await save(store, { ...correct(line!.headline.id, 1, 'Second'), feed: 'aa' })
  await save(store, publish(newId(), 'Third', { feed: 'aa' }))
  const texts = async () => (await system.events('aa')).map(({ op }) => op)
  await eventually('both are out', LIMIT_MS, async () => (await texts()).length >= 4)
  await system.publish('en', 1)
  expect((await texts()).slice(0, 3)).toEqual(['publish', 'publish', 'correct'])
  expect((await texts()).filter((op) => op === 'correct')).toHaveLength(1)
})

it('a damaged account or key harms no other one, and does not count as an empty installation', async () => {
  const { redis, keys } = system.store
  await redis.hset(keys.desk.accounts, 'broken', '{')
  await redis.hset(keys.desk.apiKeys, 'broken', '{"id":"broken"}')
  for (const path of ['/v1/accounts', '/v1/keys', '/v1/approvals']) {
    const { status } = await system.get(path, { Authorization: `Bearer ${systemKey}` })
    expect([path, status]).toEqual([path, 200])
  }
  expect(await warnings(system)).toContain('records-damaged')
})

async function warnings(of: System): Promise<string[]> {
  return (await of.get<{ warnings: string[] }>('/readyz')).body.warnings
}
