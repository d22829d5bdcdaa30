import { z } from 'zod'
import { actions } from '../protocol/actions.ts'
import type { Status } from '../protocol/status.ts'
import { listFeeds } from './feeds.ts'
import type { EventLog } from './log.ts'
import { answered } from './scripts.ts'

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
export async function flagSiblings(log: EventLog, feed: string): Promise<number> {
  const key = log.keys.feed(feed).storyTodo
  let flagged = 0
  for (const [field, raw] of Object.entries(await answered(log.redis.hgetall(key)))) {
    flagged += await flagAll(log, feed, todoSchema.parse(JSON.parse(raw)))
    await answered(log.redis.hdel(key, field))
  }
  return flagged
}

async function flagAll(log: EventLog, feed: string, todo: Todo): Promise<number> {
  let flagged = 0
  for (const { id: other } of await listFeeds(log)) {
    for (const id of await linesOf(log, other, todo.story)) {
      if (id === todo.id) continue
      if ((await flag(log, other, id, feed, todo)) === 'flagged') flagged++
    }
  }
  return flagged
}

/** Lines of the story that are out, or are to be. */
async function linesOf(log: EventLog, feed: string, story: string): Promise<string[]> {
  const keys = log.keys.feed(feed)
  const found = WANTED.map((status) => answered(log.redis.zinter(2, keys.story(story), keys.status(status))))
  return (await Promise.all(found)).flat()
}

async function flag(log: EventLog, feed: string, id: string, from: string, todo: Todo): Promise<unknown> {
  const keys = log.keys.feed(feed)
  const { id: changed, action, version, at } = todo
  const attention = { feed: from, id: changed, action, version, at }
  return log.scripts['flag-sibling'](
    [keys.states, keys.audit, keys.auditHead, keys.attention],
    [id, JSON.stringify(attention), feed, keys.desk],
  )
}
