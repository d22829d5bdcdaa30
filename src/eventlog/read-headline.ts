import type { Action } from '../protocol/actions.ts'
import type { DeskState } from '../protocol/desk-state.ts'
import type { Content } from '../protocol/headline.ts'
import type { Status } from '../protocol/status.ts'
import type { Act } from './store/act.ts'
import type { Store } from './store/store.ts'
import { answered } from './store/scripts.ts'

export interface SavedVersion {
  readonly version: number
  readonly action: Action
  /** RFC 3339, UTC. */
  readonly savedAt: string
  readonly act: Act
  /** Absent where only the status changed. */
  readonly content?: Content | { readonly note?: string }
  /** Where it was released; absent while it waits, and for ever where it was overtaken. */
  readonly position?: string
}

/** A headline as the newsroom sees it; times are RFC 3339, UTC. */
export interface HeadlineRecord {
  readonly id: string
  readonly version: number
  readonly status: Status
  readonly createdAt: string
  /** The current one, accepted though perhaps not yet released. */
  readonly content?: Content
  /** The version that has brought it. */
  readonly contentVersion?: number
  readonly desk?: DeskState
  readonly pinned?: true
  /** When it will be released, while it waits for that. */
  readonly releaseAt?: string
  /** First release. */
  readonly publishedAt?: string
  /** When a released line leaves the strip. */
  readonly expiresAt?: string
  /** Another line of its story was corrected or taken back, and nobody has looked since. */
  readonly attention?: Attention
  /** Oldest first. */
  readonly versions: readonly SavedVersion[]
}

/** What became of the other line. */
export interface Attention {
  readonly feed: string
  readonly id: string
  readonly action: Action
  readonly version: number
  readonly at: string
}

/** As it lies in Redis: times in ms. */
export interface State {
  readonly version: number
  readonly status: Status
  /** Absent where an earlier version of the service has stored it. */
  readonly createdAt?: number
  readonly contentVersion?: number
  /** JSON. */
  readonly desk?: string
  readonly pinned?: true
  /** Its member of the due set, before its first release. */
  readonly pending?: string
  readonly publishedAt?: number
  readonly expiresAt?: number
  readonly attention?: Omit<Attention, 'at'> & { readonly at: number }
}

/** Errors: UnavailableError. */
export async function readHeadline(
  store: Store,
  feed: string,
  id: string,
): Promise<HeadlineRecord | undefined> {
  const keys = store.keys.feed(feed)
  const raw = await answered(store.redis.hget(keys.states, id))
  if (raw === null) return undefined
  const state = JSON.parse(raw) as State
  const numbers = Array.from({ length: state.version }, (_, index) => index + 1)
  const fields = numbers.flatMap((n) => [`${id}:${n}`, `${id}:${n}:content`, `${id}:${n}:position`])
  const [values, due] = await Promise.all([
    answered(store.redis.hmget(keys.versions, ...fields)),
    state.pending === undefined ? null : answered(store.redis.zscore(keys.due, state.pending)),
  ])
  const versions = numbers.map((_, index) => versionAt(values, index))
  const content =
    state.contentVersion === undefined ? undefined : contentOf({ versions }, state.contentVersion)
  return { id, ...recordOf(state, due, content), versions }
}

/** Where a version was released; undefined when it was not. */
export async function readReleasedPosition(
  store: Store,
  feed: string,
  id: string,
  version: number,
): Promise<string | undefined> {
  const position = await answered(
    store.redis.hget(store.keys.feed(feed).versions, `${id}:${version}:position`),
  )
  return position ?? undefined
}

/** What a change of `version` starts from: the newest content up to it that has a text. */
export function contentOf(
  { versions }: Pick<HeadlineRecord, 'versions'>,
  version: number,
): Content | undefined {
  const written = versions.findLast(
    ({ version: its, content }) => its <= version && content !== undefined && 'text' in content,
  )
  return written?.content as Content | undefined
}

/** `due` is the score of what waits, `content` that of `contentVersion`. */
export function recordOf(
  state: State,
  due: string | null,
  content: Content | undefined,
): Omit<HeadlineRecord, 'id' | 'versions'> {
  const { version, status, createdAt, contentVersion, desk, pinned, publishedAt, expiresAt, attention } =
    state
  return {
    version,
    status,
    createdAt: iso(createdAt ?? publishedAt ?? 0),
    ...(content && contentVersion !== undefined && { content, contentVersion }),
    ...(desk !== undefined && { desk: JSON.parse(desk) as DeskState }),
    ...(pinned && { pinned }),
    ...(due !== null && { releaseAt: iso(Number(due)) }),
    ...(publishedAt !== undefined && { publishedAt: iso(publishedAt) }),
    ...(expiresAt !== undefined && { expiresAt: iso(expiresAt) }),
    ...(attention && { attention: { ...attention, at: iso(attention.at) } }),
  }
}

function versionAt(values: readonly (string | null)[], index: number): SavedVersion {
  const [saved, content, position] = values.slice(index * 3, index * 3 + 3)
  return {
    ...(JSON.parse(saved ?? '{}') as SavedVersion),
    ...(content && { content: JSON.parse(content) as Content }),
    ...(position && { position }),
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
