import { z } from 'zod'
import { actions } from '../protocol/actions.ts'
import type { Status } from '../protocol/status.ts'
import { listFeeds } from './feeds/feeds.ts'
import type { Store } from './store/store.ts'
import { answered } from './store/scripts.ts'

const WANTED: readonly Status[] = ['live', 'held', 'due', 'needs-decision']

/** An act on a released line of a story, as the save script writes it down. */
const todoSchema = z.object({
  story: z.string(),
  id: z.string(),
  action: z.enum(actions),
  version: z.number(),
  at: z.number(),
})
type Todo = z.output<typeof todoSchema>

/**
 * Flags the other lines of a story, in all feeds, after one of this feed was corrected or taken back. Gives how many
 * were flagged. Stopped in between and done again, it flags nobody twice. Errors: UnavailableError.
 */
export async function flagSiblings(store: Store, feed: string): Promise<number> {
  const key = store.keys.feed(feed).storyTodo
  let flagged = 0
  for (const [field, raw] of Object.entries(await answered(store.redis.hgetall(key)))) {
    flagged += await flagAll(store, feed, todoSchema.parse(JSON.parse(raw)))
    await answered(store.redis.hdel(key, field))
  }
  return flagged
}

async function flagAll(store: Store, feed: string, todo: Todo): Promise<number> {
  let flagged = 0
  for (const { id: other } of await listFeeds(store)) {
    for (const id of await linesOf(store, other, todo.story)) {
      if (id === todo.id) continue
      if ((await flag(store, other, id, feed, todo)) === 'flagged') flagged++
    }
  }
  return flagged
}

/** Lines of the story that are out, or are to be. */
async function linesOf(store: Store, feed: string, story: string): Promise<string[]> {
  const keys = store.keys.feed(feed)
  const found = WANTED.map((status) =>
    answered(store.redis.zinter(2, keys.story(story), keys.status(status))),
  )
  return (await Promise.all(found)).flat()
}

async function flag(store: Store, feed: string, id: string, from: string, todo: Todo): Promise<unknown> {
  const keys = store.keys.feed(feed)
  const { id: changed, action, version, at } = todo
  const attention = { feed: from, id: changed, action, version, at }
  return store.scripts['flag-sibling'](
    [keys.states, keys.audit, keys.auditHead, keys.attention],
    [id, JSON.stringify(attention), feed, keys.desk],
  )
}
