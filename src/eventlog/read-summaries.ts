import type { Content } from '../protocol/headline.ts'
import type { Store } from './store/store.ts'
import { recordOf, type HeadlineRecord, type State } from './read-headline.ts'
import { answered } from './store/scripts.ts'

/** A headline without its history. */
export interface HeadlineSummary extends Omit<HeadlineRecord, 'versions'> {
  /** When the newest version was saved. */
  readonly updatedAt: string
}

/** In three round trips, however many; undefined for an id that is not known. Errors: UnavailableError. */
export async function readSummaries(
  store: Store,
  feed: string,
  ids: readonly string[],
): Promise<(HeadlineSummary | undefined)[]> {
  if (ids.length === 0) return []
  const keys = store.keys.feed(feed)
  const raw = await answered(store.redis.hmget(keys.states, ...ids))
  const states = raw.map((json) => (json === null ? undefined : (JSON.parse(json) as State)))
  const fields = states.flatMap((state, index) => fieldsOf(ids[index] ?? '', state))
  // A member that is not there has no score: so has a headline that does not wait.
  const waiting = states.map((state) => state?.pending ?? '')
  const [values, due] = await Promise.all([
    answered(store.redis.hmget(keys.versions, ...fields)),
    answered(store.redis.zmscore(keys.due, ...waiting)),
  ])
  return states.map((state, index) => {
    const [saved, content] = values.slice(index * 2, index * 2 + 2)
    if (!state) return undefined
    const { savedAt } = JSON.parse(saved ?? '{}') as { savedAt: string }
    const its = content ? (JSON.parse(content) as Content) : undefined
    return { id: ids[index] ?? '', ...recordOf(state, due[index] ?? null, its), updatedAt: savedAt }
  })
}

function fieldsOf(id: string, state: State | undefined): [saved: string, content: string] {
  return [`${id}:${state?.version}`, `${id}:${state?.contentVersion}:content`]
}
