import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { startSystem, type System } from '../support/system.ts'

/** JSON, but nothing that a process of ours would publish. */
const bodies = ['', '{}', '"x"', '[]', 'null', '7', '{', '{"headline":null}', '{"position":"aaaaaaaa:1"}']

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(async () => {
  await system.close()
})

it.each(['live', 'witness', 'written', 'desk', 'feeds-changed', 'written-asked'] as const)(
  'a process serves on when others publish on its channel "%s"',
  async (name) => {
    const { redis, keys } = system.store
    const feed = keys.feed('en')
    const channels = { ...feed, 'feeds-changed': keys.feedsChanged, 'written-asked': keys.writtenAsked }
    const reader = await system.connect('en')
    const published = system.publish('en', 20)
    for (const body of bodies) {
      for (const payload of [body, await asNextEvent(body)]) await redis.publish(channels[name], payload)
    }
    for (const event of await published) await reader.received(event)
    expect((await fetch(`${system.url}/readyz`)).status).toBe(200)
  },
)

/** With the seq and the chain hash that the next event would have. */
async function asNextEvent(json: string): Promise<string> {
  const { redis, keys } = system.store
  const [seq, chain] = await redis.hmget(keys.feed('en').head, 'seq', 'chain')
  const next = createHash('sha1').update(`${chain}${json}`).digest('hex')
  return `${Number(seq) + 1} ${next} ${json}`
}
