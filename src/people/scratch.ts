import { z } from 'zod'
import { answered } from '../eventlog/store/scripts.ts'
import type { People } from './people.ts'

const KEPT_MS = 7 * 86_400_000
/** Protects Redis: a person has few unfinished lines in a feed, and the oldest one goes first. */
const MOST_DRAFTS = 20

const storedSchema = z.object({ draft: z.string(), savedAt: z.int() })
type Stored = z.output<typeof storedSchema>

/** Unsent words of a person, in no version and no audit. `subject`: `new`, `edition`, or the headline that they change. */
export interface Scratch extends Stored {
  readonly subject: string
}

/** The unsent words of a person in a feed, the newest first. Errors: UnavailableError. */
export async function readScratch(people: People, account: string, feed: string): Promise<Scratch[]> {
  const { store, clock } = people
  const key = store.keys.desk.scratch(`${account}:${feed}`)
  const fields = Object.entries(await answered(store.redis.hgetall(key)))
  return fields
    .flatMap(([subject, json]) => {
      const stored = store.faults.read(`${key} ${subject}`, () => storedSchema.parse(JSON.parse(json)))
      return stored ? [{ subject, ...stored }] : []
    })
    .filter(({ savedAt }) => clock() - savedAt < KEPT_MS)
    .sort((a, b) => b.savedAt - a.savedAt)
}

/** Keeps the words in place of those that were kept for the same subject. Errors: UnavailableError. */
export async function keepScratch(
  people: People,
  account: string,
  feed: string,
  { subject, draft }: Omit<Scratch, 'savedAt'>,
): Promise<Scratch> {
  const { store, clock } = people
  const key = store.keys.desk.scratch(`${account}:${feed}`)
  const stored: Stored = { draft, savedAt: clock() }
  const surplus = await surplusOf(people, account, feed, subject)
  const writing = store.redis.multi().hset(key, subject, JSON.stringify(stored)).pexpire(key, KEPT_MS)
  await answered((surplus.length > 0 ? writing.hdel(key, ...surplus) : writing).exec())
  return { subject, ...stored }
}

/** Errors: UnavailableError. */
export async function dropScratch(
  { store }: People,
  account: string,
  feed: string,
  subject: string,
): Promise<void> {
  await answered(store.redis.hdel(store.keys.desk.scratch(`${account}:${feed}`), subject))
}

async function surplusOf(people: People, account: string, feed: string, subject: string): Promise<string[]> {
  const { store } = people
  const kept = await answered(store.redis.hlen(store.keys.desk.scratch(`${account}:${feed}`)))
  if (kept < MOST_DRAFTS) return []
  const others = (await readScratch(people, account, feed)).filter((each) => each.subject !== subject)
  return others.slice(MOST_DRAFTS - 1).map((each) => each.subject)
}
