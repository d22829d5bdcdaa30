import type { Action } from '../protocol/lists/actions.ts'
import type { DeskState } from '../protocol/desk-state.ts'
import type { LossSource } from '../protocol/lists/loss-sources.ts'
import type { Content } from '../protocol/headline.ts'
import type { Status } from '../protocol/lists/statuses.ts'
import type { Act } from './store/act.ts'
import type { Store } from './store/store.ts'
import { readStored } from './store/read-stored.ts'
import { answered } from './store/scripts.ts'

export interface SavedVersion {
  readonly version: number
  readonly action: Action
  /** RFC 3339, UTC. */
  readonly savedAt: string
  readonly act: Act
  /** Absent when only the status changed. */
  readonly content?: Content | { readonly note?: string }
  /** Position of its event; absent while the version waits for its release, and always when it was overtaken. */
  readonly position?: string
}

/** A headline as the newsroom sees it; times are RFC 3339, UTC. */
export interface HeadlineRecord {
  readonly id: string
  readonly version: number
  readonly status: Status
  readonly createdAt: string
  /** The current content. It is accepted, but may not be released yet. */
  readonly content?: Content
  /** The version that brought `content`. */
  readonly contentVersion?: number
  readonly desk?: DeskState
  readonly pinned?: true
  /** The edition that it is a part of. */
  readonly edition?: string
  /** Time of the planned release, while the headline waits for it. */
  readonly releaseAt?: string
  /** Time of the first release. */
  readonly publishedAt?: string
  /** Time at which the released headline leaves the strip. */
  readonly expiresAt?: string
  /** Time at which the released headline is called breaking no longer. */
  readonly breakingUntil?: string
  /**
   * Present until the next act when another headline of the story or edition was removed or corrected, or this one was
   * stopped, or an act on this one was found to be lost.
   */
  readonly attention?: Attention
  /** Its words are erased for good; only the archive has such a headline. */
  readonly erased?: true
  /** Oldest first. */
  readonly versions: readonly SavedVersion[]
}

/**
 * The act on another headline of the story or edition, which this headline's editors should look at; or `needs-decision`, with this
 * headline itself and the reason; or a lost act on this headline.
 */
export interface Attention {
  readonly feed: string
  readonly id: string
  readonly action: Action | 'needs-decision'
  readonly why?: string
  readonly version: number
  readonly at: string
  /** The edition that both headlines are parts of. */
  readonly edition?: string
  /** The storage has lost the act; the source of this knowledge. */
  readonly lost?: LossSource
  /** The words of the lost act, where the headline does not have them. */
  readonly text?: string
}

/** The time is in ms since 1970. */
export type StoredAttention = Omit<Attention, 'at'> & { readonly at: number }

/** A headline's state as it is stored in Redis; times are in ms since 1970. */
export interface StoredState {
  readonly version: number
  readonly status: Status
  /** Absent in a state that an earlier version of the service stored. */
  readonly createdAt?: number
  readonly contentVersion?: number
  /** JSON. */
  readonly desk?: string
  readonly pinned?: true
  readonly edition?: string
  /** The headline's member of the due set, before its first release. */
  readonly pending?: string
  readonly publishedAt?: number
  readonly expiresAt?: number
  readonly breakingUntil?: number
  readonly attention?: StoredAttention
  /** seq of its newest publish event; absent before the first. */
  readonly place?: number
  /** Time at which it came back from the archive. */
  readonly returned?: number
}

/** Errors: UnavailableError, DamagedError. */
export function readHeadline(store: Store, feed: string, id: string): Promise<HeadlineRecord | undefined> {
  const { states } = store.keys.feed(feed)
  return readStored(store, `${states} ${id}`, () => readStates(store, feed, id))
}

async function readStates(store: Store, feed: string, id: string): Promise<HeadlineRecord | undefined> {
  const keys = store.keys.feed(feed)
  const raw = await answered(store.redis.hget(keys.states, id))
  if (raw === null) return undefined
  const state = JSON.parse(raw) as StoredState
  const fields = versionFields(state)
  const [values, due] = await Promise.all([
    answered(store.redis.hmget(keys.versions, ...fields.map((field) => `${id}:${field}`))),
    state.pending === undefined ? null : answered(store.redis.zscore(keys.due, state.pending)),
  ])
  return headlineRecord(id, state, due, new Map(fields.map((field, index) => [field, values[index]])))
}

/** `due` is the score of `state.pending` in the due set; `stored` gives the fields of the versions, without the id. */
export function headlineRecord(
  id: string,
  state: StoredState,
  due: string | null,
  stored: { get(field: string): string | null | undefined },
): HeadlineRecord {
  const versions = versionNumbers(state).map((n) => versionOf(stored, n))
  const content =
    state.contentVersion === undefined ? undefined : contentOf({ versions }, state.contentVersion)
  return { id, ...recordOf(state, due, content), versions }
}

function versionFields(state: StoredState): string[] {
  return versionNumbers(state).flatMap((n) => [`${n}`, `${n}:content`, `${n}:position`])
}

function versionNumbers({ version }: StoredState): number[] {
  return Array.from({ length: version }, (_, index) => index + 1)
}

/** The position of a version's event; undefined when the version is not released. */
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

/** The content that a change of `version` starts from: the newest one with a text, up to that version. */
export function contentOf(
  { versions }: Pick<HeadlineRecord, 'versions'>,
  version: number,
): Content | undefined {
  const written = versions.findLast(
    (saved) => saved.version <= version && saved.content !== undefined && 'text' in saved.content,
  )
  return written?.content as Content | undefined
}

/** `due` is the score of `state.pending` in the due set; `content` is the content of `contentVersion`. */
export function recordOf(
  state: StoredState,
  due: string | null,
  content: Content | undefined,
): Omit<HeadlineRecord, 'id' | 'versions'> {
  const { version, status, createdAt, contentVersion, desk, pinned, edition } = state
  const { publishedAt, expiresAt, breakingUntil, attention } = state
  return {
    version,
    status,
    createdAt: iso(createdAt ?? publishedAt ?? 0),
    ...(content && contentVersion !== undefined && { content, contentVersion }),
    ...(desk !== undefined && { desk: JSON.parse(desk) as DeskState }),
    ...(pinned && { pinned }),
    ...(edition !== undefined && { edition }),
    ...(due !== null && { releaseAt: iso(Number(due)) }),
    ...(publishedAt !== undefined && { publishedAt: iso(publishedAt) }),
    ...(expiresAt !== undefined && { expiresAt: iso(expiresAt) }),
    ...(breakingUntil !== undefined && { breakingUntil: iso(breakingUntil) }),
    ...(attention && { attention: { ...attention, at: iso(attention.at) } }),
  }
}

function versionOf(stored: { get(field: string): string | null | undefined }, version: number): SavedVersion {
  const [saved, content, position] = ['', ':content', ':position'].map((part) =>
    stored.get(`${version}${part}`),
  )
  return {
    ...(JSON.parse(saved ?? '{}') as SavedVersion),
    ...(content && { content: JSON.parse(content) as Content }),
    ...(position && { position }),
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
