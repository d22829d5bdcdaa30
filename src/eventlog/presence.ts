import { z } from 'zod'
import { presenceSchema, type Presence } from '../protocol/presence.ts'
import type { Store } from './store/store.ts'
import { readTime } from './store/read-time.ts'
import { answered } from './store/scripts.ts'

/** An open page tells again before this time is over; a page that does not is closed. */
export const PRESENT_MS = 25_000
/** The names of those who have seen a headline are of use during the shift in which it is approved. */
const SEEN_MS = 12 * 3_600_000

const storedSchema = presenceSchema.extend({ at: z.number() })
const seenSchema = z.object({ name: z.string(), version: z.int() })

/** A person who has had a headline open, and the newest version that was open then. */
export interface Seen extends z.output<typeof seenSchema> {
  readonly person: string
}

/** The message on the channel `presence`. */
export const presenceMessageSchema = presenceSchema.extend({ feed: z.string() })

/**
 * Notes that a page is open and tells the other pages. It is no part of the log or the audit, and Redis forgets it by
 * itself. Errors: UnavailableError.
 */
export async function notePresence(store: Store, feed: string, presence: Presence): Promise<void> {
  const { presence: key, seen } = store.keys.feed(feed)
  const { page, person, name, headline, version } = presence
  const at = Math.floor(await readTime(store))
  const noting = store.redis
    .multi()
    .hset(key, `${person} ${page}`, JSON.stringify({ ...presence, at }))
    .pexpire(key, PRESENT_MS)
  if (headline !== undefined && version !== undefined) {
    noting.hset(seen(headline), person, JSON.stringify({ name, version })).pexpire(seen(headline), SEEN_MS)
  }
  noting.publish(key, JSON.stringify({ feed, ...presence }))
  await answered(noting.exec())
}

/** The pages that are open now. Pages that have closed are forgotten. Errors: UnavailableError. */
export async function readPresences(store: Store, feed: string): Promise<Presence[]> {
  const { presence: key } = store.keys.feed(feed)
  const [now, pages] = await Promise.all([readTime(store), answered(store.redis.hgetall(key))])
  const present: Presence[] = []
  const gone: string[] = []
  for (const [field, raw] of Object.entries(pages)) {
    const { at = 0, ...presence } = storedSchema.safeParse(jsonOf(raw)).data ?? {}
    if (now - at < PRESENT_MS && 'page' in presence) present.push(presence)
    else gone.push(field)
  }
  if (gone.length > 0) await answered(store.redis.hdel(key, ...gone))
  return present
}

/** Errors: UnavailableError. */
export async function readSeen(store: Store, feed: string, headline: string): Promise<Seen[]> {
  const stored = await answered(store.redis.hgetall(store.keys.feed(feed).seen(headline)))
  return Object.entries(stored).flatMap(([person, raw]) => {
    const read = seenSchema.safeParse(jsonOf(raw))
    return read.success ? [{ person, ...read.data }] : []
  })
}

function jsonOf(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return undefined
  }
}
