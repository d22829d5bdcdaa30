import { takenBackSchema, type TakenBack } from '../protocol/taken-back.ts'
import type { Store } from './store/store.ts'
import { answered } from './store/scripts.ts'

/** The headlines of a feed that were taken back; a damaged record is left out. Errors: UnavailableError. */
export async function readTakenBack({ redis, keys }: Store, feed: string): Promise<TakenBack[]> {
  const stored = await answered(redis.hvals(keys.feed(feed).takenBack))
  return stored.flatMap((json) => lineIn(json))
}

function lineIn(json: string): TakenBack[] {
  try {
    const { data } = takenBackSchema.safeParse(JSON.parse(json))
    return data ? [data] : []
  } catch {
    return []
  }
}
