import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { createFeed } from '../../src/eventlog/feeds/feeds.ts'
import { openStore, type Store } from '../../src/eventlog/store/store.ts'
import { newFeedSchema, type Feed } from '../../src/protocol/feed.ts'
import { policySchema, type Policy } from '../../src/protocol/policy.ts'

/** The real Redis that `npm test` has started, as a user with all rights. */
export const testRedisUrl: string = process.env.TEST_REDIS_URL ?? missing()

/** A new prefix, so that tests do not share keys. */
export function freshPrefix(): string {
  return `t${randomBytes(6).toString('hex')}`
}

export async function openTestStore(
  keptEvents = 100_000,
): Promise<Store & { readonly prefix: string; close(): Promise<void> }> {
  const redis = new Redis(testRedisUrl)
  const prefix = freshPrefix()
  const store = openStore(redis, { prefix, keptEvents })
  return {
    ...store,
    prefix,
    async close() {
      await redis.quit()
    },
  }
}

/** A policy that releases headlines at once and without checks. */
export const openPolicy: Policy = policySchema.parse({
  undoMs: { flash: 0, bulletin: 0, urgent: 0, routine: 0 },
  releasesPerMinute: 100_000,
  duplicateWithinMs: 0,
})

export async function createTestFeed(
  store: Store,
  settings: Partial<Feed> = {},
  policy = openPolicy,
): Promise<Feed> {
  const feed = newFeedSchema.parse({ id: 'en', title: 'Breaking', lang: 'en', ...settings })
  await createFeed(store, feed, policy)
  return feed
}

function missing(): never {
  throw new Error('TEST_REDIS_URL is not set: run the tests with npm test')
}
