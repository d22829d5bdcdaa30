import { z } from 'zod'
import { actions } from '../protocol/lists/actions.ts'
import { statusesIn } from '../protocol/lists/statuses.ts'
import { readPart } from './editions.ts'
import { feedsBeside } from './feeds/feed-sides.ts'
import { inEachFeed } from './feeds/in-each-feed.ts'
import type { Store } from './store/store.ts'
import { answered } from './store/scripts.ts'

const FLAGGED_STATUSES = statusesIn('accepted', 'released')

/** An act on a released headline of a story or edition, as save-headline.lua stores it. */
const todoSchema = z.object({
  story: z.string().optional(),
  edition: z.string().optional(),
  /** The act was done in all parts of the edition. */
  wholeEdition: z.boolean().optional(),
  id: z.string(),
  action: z.enum(actions),
  version: z.number(),
  at: z.number(),
  /** The feeds that the actor may read; undefined: all feeds. */
  feeds: z.array(z.string()).optional(),
})
type Todo = z.output<typeof todoSchema>

/**
 * Flags the other headlines of a story or edition, in all feeds of the same side (drills, or real feeds) that the actor may
 * read, after a headline of this feed was corrected, held or withdrawn.
 * Returns the number of flagged headlines. A run that was interrupted can be repeated: no headline is flagged twice.
 * Errors: UnavailableError.
 */
export async function flagSiblings(store: Store, feed: string): Promise<number> {
  const key = store.keys.feed(feed).storyTodo
  let flagged = 0
  for (const [field, raw] of Object.entries(await answered(store.redis.hgetall(key)))) {
    const todo = store.faults.read(`${key} ${field}`, () => todoSchema.parse(JSON.parse(raw)))
    if (!todo) continue
    flagged += await flagAll(store, feed, todo)
    await answered(store.redis.hdel(key, field))
  }
  return flagged
}

async function flagAll(store: Store, feed: string, todo: Todo): Promise<number> {
  const feeds = await feedsBeside(store, feed)
  const allowed = feeds.filter((id) => todo.feeds?.includes(id) !== false)
  const flagged = await inEachFeed(store, allowed, 'story', async (siblingFeed) => {
    const part = todo.edition === undefined ? undefined : await readPart(store, siblingFeed, todo.edition)
    const siblings = todo.story === undefined ? [] : await headlinesOf(store, siblingFeed, todo.story)
    const outcomes: unknown[] = []
    for (const id of new Set([...siblings, ...(part === undefined ? [] : [part])])) {
      const knows = id === todo.id || (id === part && todo.wholeEdition)
      if (!knows) outcomes.push(await flag(store, siblingFeed, id, feed, todo, id === part))
    }
    return outcomes
  })
  return flagged.flat().filter((outcome) => outcome === 'flagged').length
}

/** The story's headlines that readers see, and those that may still be released. */
async function headlinesOf(store: Store, feed: string, story: string): Promise<string[]> {
  const keys = store.keys.feed(feed)
  const lists = FLAGGED_STATUSES.map((status) =>
    answered(store.redis.zinter(2, keys.story(story), keys.status(status))),
  )
  return (await Promise.all(lists)).flat()
}

async function flag(
  store: Store,
  feed: string,
  id: string,
  changedFeed: string,
  todo: Todo,
  isPart: boolean,
): Promise<unknown> {
  const keys = store.keys.feed(feed)
  const { id: changedId, action, version, at, edition } = todo
  const attention = {
    ...{ feed: changedFeed, id: changedId, action, version, at },
    ...(isPart && { edition }),
  }
  return store.scripts['flag-sibling'](
    [keys.states, keys.audit, keys.auditHead, keys.attention],
    [id, JSON.stringify(attention), feed, keys.desk],
  )
}
