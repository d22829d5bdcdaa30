import type { Act } from './store/act.ts'
import type { Store } from './store/store.ts'
import { answered } from './store/scripts.ts'

/** Id of the headline that is the part of an edition in this feed. Errors: UnavailableError, DamagedError. */
export async function readPart(store: Store, feed: string, edition: string): Promise<string | undefined> {
  return (await answered(store.redis.get(store.keys.feed(feed).edition(edition)))) ?? undefined
}

/** lua/join-edition.lua explains each outcome. */
export interface JoinOutcome {
  readonly kind: 'joined' | 'known' | 'unknown' | 'elsewhere' | 'part-exists'
  readonly id: string
}

/** Makes a headline the part of an edition in its feed. Errors: UnavailableError, DamagedError. */
export async function joinEdition(
  store: Store,
  feed: string,
  id: string,
  edition: string,
  act: Act,
): Promise<JoinOutcome> {
  const keys = store.keys.feed(feed)
  const reply = await store.scripts['join-edition'](
    [keys.states, keys.edition(edition), keys.audit, keys.auditHead],
    [id, edition, feed, JSON.stringify(act), keys.desk],
  )
  const [kind, other] = reply as [JoinOutcome['kind'], string]
  return { kind, id: other }
}
