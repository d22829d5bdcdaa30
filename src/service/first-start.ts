import { createFeed, listFeedIds } from '../eventlog/feeds/feeds.ts'
import { bootstrapKey } from '../people/api-keys.ts'
import { makeFirstAdmin } from '../people/make-first-admin.ts'
import type { People } from '../people/people.ts'
import { actBy, flashline } from '../people/principal.ts'
import { newFeedSchema } from '../protocol/feed.ts'
import type { Urgency } from '../protocol/lists/urgencies.ts'
import { policySchema } from '../protocol/policy.ts'
import type { RoleContext } from './role-context.ts'

const noUndo: Readonly<Record<Urgency, number>> = { flash: 0, bulletin: 0, urgent: 0, routine: 0 }

/**
 * Creates the first key, account and feed of a new installation. Returns a token that signs in to the account once, if
 * this start has created it.
 */
export async function firstStart(
  { store, config, logger }: RoleContext,
  people: People,
): Promise<string | undefined> {
  if (config.BOOTSTRAP_KEY !== undefined) {
    const outcome = await bootstrapKey(people, config.BOOTSTRAP_KEY)
    if (outcome === 'unused') logger.warn({ event: 'bootstrap-key-unused', reason: 'other keys exist' })
  }
  if (config.FIRST_FEED !== undefined && (await listFeedIds(store)).length === 0) {
    // A feed id is often a language: `en`, `ar`. Any other id gets the language `en`.
    const feed = (lang: string) => ({ id: config.FIRST_FEED, title: 'Breaking', lang })
    const definition =
      newFeedSchema.safeParse(feed(config.FIRST_FEED)).data ?? newFeedSchema.parse(feed('en'))
    // The first line of a newcomer shows at once; other feeds begin with an undo window.
    const policy = policySchema.parse({ undoMs: noUndo })
    await createFeed(store, definition, policy, actBy(flashline))
  }
  return config.FIRST_ADMIN_EMAIL === undefined ? undefined : makeFirstAdmin(people, config.FIRST_ADMIN_EMAIL)
}
