import { answered, isUnavailable } from './store/scripts.ts'
import type { Store } from './store/store.ts'

/** The work that waits in a feed. */
export interface Waiting {
  /** Time since the oldest due change was due, in ms; undefined: nothing is due. */
  readonly overdueMs: number | undefined
  /** A frozen feed has due changes that wait for the thaw, and others that need a decision. */
  readonly isDue: boolean
  /** Acts for which flagSiblings still has to flag the other headlines of the story. */
  readonly storyTodo: number
}

/** Redis's replies for one feed; an error for a key of a wrong type. */
type Reply = [error: Error | null, value: unknown]
const REPLIES_PER_FEED = 4

/**
 * Reads how long the changes of each feed have been due, by the clock of Redis, in the order of `feeds`; undefined for a
 * damaged feed. In a frozen feed only holds and withdrawals are due. Needs one round trip, and two more while a hold or a
 * withdrawal waits. Errors: UnavailableError.
 */
export async function readWaiting(store: Store, feeds: readonly string[]): Promise<(Waiting | undefined)[]> {
  const pipeline = store.redis.pipeline().time()
  for (const feed of feeds) {
    const keys = store.keys.feed(feed)
    pipeline
      .hexists(keys.head, 'frozen')
      .zrangebyscore(keys.due, '-inf', '0', 'LIMIT', 0, 1)
      .zrangebyscore(keys.due, '(0', '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
      .hlen(keys.storyTodo)
  }
  const [time, ...replies] = (await answered(pipeline.exec())) as Reply[]
  const now = timeOf(time)
  return Promise.all(
    feeds.map((feed, index) => {
      const own = replies.slice(index * REPLIES_PER_FEED, (index + 1) * REPLIES_PER_FEED)
      return waitingIn(store, feed, own, now)
    }),
  )
}

async function waitingIn(
  store: Store,
  feed: string,
  replies: readonly Reply[],
  now: number,
): Promise<Waiting | undefined> {
  const fault = replies.find(([error]) => error !== null)?.[0]
  if (fault && isUnavailable(fault)) throw fault
  if (fault) return undefined
  const [frozen, [first], [, dueAt], storyTodo] = replies.map(([, value]) => value) as [
    number,
    string[],
    string[],
    number,
  ]
  const sinceFirst = first === undefined ? undefined : now - (await acceptedAt(store, feed, first, now))
  const sinceDue = dueAt === undefined || frozen === 1 ? undefined : now - Number(dueAt)
  const ages = [sinceFirst, sinceDue].filter((age) => age !== undefined && age >= 0) as number[]
  const isDue = first !== undefined || (dueAt !== undefined && Number(dueAt) <= now)
  return { isDue, overdueMs: ages.length === 0 ? undefined : Math.max(...ages), storyTodo }
}

/** A hold or a withdrawal is due at 0, before everything else, so its age counts from its acceptance. */
async function acceptedAt(
  { redis, keys, faults }: Store,
  feed: string,
  member: string,
  now: number,
): Promise<number> {
  const { changes, versions } = keys.feed(feed)
  const change = await answered(redis.hget(changes, member))
  const saved = faults.read(changes, () => JSON.parse(change ?? '{}') as { id: string; version: number })
  if (!saved) return now
  const version = await answered(redis.hget(versions, `${saved.id}:${saved.version}`))
  const { savedAt } = faults.read(versions, () => JSON.parse(version ?? '{}') as { savedAt?: string }) ?? {}
  const at = Date.parse(savedAt ?? '')
  return Number.isNaN(at) ? now : at
}

function timeOf([error, time]: Reply = [new Error('no answer'), []]): number {
  if (error) throw error
  const [seconds, micros] = time as [string, string]
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000)
}
