import { createFeed, listFeeds } from '../eventlog/feeds/feeds.ts'
import { bootstrapKey } from '../people/api-keys.ts'
import { makeFirstAdmin } from '../people/make-first-admin.ts'
import type { People } from '../people/people.ts'
import { actBy, flashline } from '../people/principal.ts'
import { newFeedSchema } from '../protocol/feed.ts'
import type { Ground } from './ground.ts'

/**
 * Gives a new installation its first key, account and feed. Returns a token that signs in once to the account, where
 * this start has made it.
 */
export async function firstStart(
  { store, config, logger }: Ground,
  people: People,
): Promise<string | undefined> {
  if (config.BOOTSTRAP_KEY !== undefined) {
    const outcome = await bootstrapKey(people, config.BOOTSTRAP_KEY)
    if (outcome === 'unused') logger.warn({ event: 'bootstrap-key-unused', reason: 'other keys exist' })
  }
  if (config.FIRST_FEED !== undefined && (await listFeeds(store)).length === 0) {
    // An id is often a language: `en`, `ar`.
    const feed = (lang: string) => ({ id: config.FIRST_FEED, title: 'Breaking', lang })
    const named = newFeedSchema.safeParse(feed(config.FIRST_FEED))
    await createFeed(store, named.data ?? newFeedSchema.parse(feed('en')), undefined, actBy(flashline))
  }
  return config.FIRST_ADMIN_EMAIL === undefined ? undefined : makeFirstAdmin(people, config.FIRST_ADMIN_EMAIL)
}
