import type { Content } from '../protocol/headline.ts'
import type { Store } from './store/store.ts'
import { recordOf, type HeadlineRecord, type StoredState } from './read-headline.ts'
import { answered } from './store/scripts.ts'

/** A headline without its history. */
export interface HeadlineSummary extends Omit<HeadlineRecord, 'versions'> {
  /** Time at which the newest version was saved. */
  readonly updatedAt: string
}

/** Needs three round trips for any number of ids; undefined for an unknown id. Errors: UnavailableError. */
export async function readSummaries(
  store: Store,
  feed: string,
  ids: readonly string[],
): Promise<(HeadlineSummary | undefined)[]> {
  if (ids.length === 0) return []
  const keys = store.keys.feed(feed)
  const raw = await answered(store.redis.hmget(keys.states, ...ids))
  const states = raw.map((json) => (json === null ? undefined : (JSON.parse(json) as StoredState)))
  const fields = states.flatMap((state, index) => fieldsOf(ids[index] ?? '', state))
  // ZMSCORE gives null for the member '', so a headline that waits for nothing has no due time.
  const waiting = states.map((state) => state?.pending ?? '')
  const [values, due] = await Promise.all([
    answered(store.redis.hmget(keys.versions, ...fields)),
    answered(store.redis.zmscore(keys.due, ...waiting)),
  ])
  return states.map((state, index) => {
    const [saved, content] = values.slice(index * 2, index * 2 + 2)
    return state && headlineSummary(ids[index] ?? '', state, due[index] ?? null, saved, content)
  })
}

/** `saved`: the newest version; `content`: that of the version that brought the current words (both JSON). */
export function headlineSummary(
  id: string,
  state: StoredState,
  due: string | null,
  saved: string | null | undefined,
  content: string | null | undefined,
): HeadlineSummary {
  const { savedAt } = JSON.parse(saved ?? '{}') as { savedAt: string }
  const current = content ? (JSON.parse(content) as Content) : undefined
  return { id, ...recordOf(state, due, current), updatedAt: savedAt }
}

function fieldsOf(id: string, state: StoredState | undefined): [saved: string, content: string] {
  return [`${id}:${state?.version}`, `${id}:${state?.contentVersion}:content`]
}
