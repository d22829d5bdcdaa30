import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'

const LIMIT_MS = 20_000

let system: System
beforeEach(async () => {
  // No heartbeat is due within the test, so each frame has its own cause.
  system = await startSystem({ HEARTBEAT_MS: 25_000, TAIL_CHECK_MS: 50 })
})
afterEach(() => system.close())

describe('a feed that the newsroom freezes', () => {
  it('is shown as frozen to all kinds of readers, and as thawed afterwards', async () => {
    const [reader, stream] = [await system.connect('en'), await system.stream('en')]
    const before = (await system.snapshot('en')).headers.get('etag')
    await freeze()
    for (const each of [reader, stream]) expect(await each.untilType('head')).toMatchObject({ frozen: true })
    const during = await system.snapshot('en', { 'If-None-Match': before! })
    expect(during).toMatchObject({ status: 200, body: { frozen: true } })
    expect((await system.page('en')).body.frozen).toBe(true)
    expect(await (await system.connect('en')).untilType('hello')).toMatchObject({ frozen: true })

    await thaw()
    for (const each of [reader, stream]) {
      const head = await each.untilType('head')
      expect(head.frozen).toBeUndefined()
    }
    expect((await system.snapshot('en')).headers.get('etag')).toBe(before)
    const [line] = await system.publish('en', 1)
    await reader.received(line)
  })

  it('is shown as frozen by a gateway that starts meanwhile', async () => {
    await freeze()
    const late = await startSystem({ REDIS_PREFIX: system.prefix }, 'gateway')
    try {
      expect((await late.snapshot('en')).body.frozen).toBe(true)
    } finally {
      await late.close()
    }
  })

  it('is shown as frozen on the doorbell, before the next tail check', async () => {
    const slow = await startSystem({ REDIS_PREFIX: system.prefix, TAIL_CHECK_MS: 1_000_000 }, 'gateway')
    try {
      const reader = await slow.connect('en')
      await freeze()
      await eventually('the reader is told', LIMIT_MS, async () => {
        await system.store.redis.publish(system.store.keys.feed('en').live, 'look')
        return (await slow.snapshot('en')).body.frozen
      })
      expect(await reader.untilType('head')).toMatchObject({ frozen: true })
    } finally {
      await slow.close()
    }
  })
})

/** Freezes the feed as the API does. */
async function freeze(): Promise<void> {
  const { head } = system.store.keys.feed('en')
  await system.store.redis.hset(
    head,
    'frozen',
    JSON.stringify({ since: new Date().toISOString(), by: 'test' }),
  )
}

async function thaw(): Promise<void> {
  await system.store.redis.hdel(system.store.keys.feed('en').head, 'frozen')
}
