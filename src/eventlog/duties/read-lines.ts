import type { Action } from '../../protocol/lists/actions.ts'
import type { Status } from '../../protocol/lists/statuses.ts'
import type { Urgency } from '../../protocol/lists/urgencies.ts'
import type { DeskState } from '../../protocol/desk-state.ts'
import type { Content } from '../../protocol/headline.ts'
import type { Act } from '../store/act.ts'
import { answered } from '../store/scripts.ts'
import type { Store } from '../store/store.ts'

/** An act on a headline. */
export interface LineAct {
  readonly version: number
  readonly action: Action
  readonly act: Act
  /** ms since 1970. */
  readonly at: number
  /** The act has brought a text. */
  readonly wrote: boolean
}

/** A headline with what decides whether it must be stopped. Times are ms since 1970. */
export interface ActedLine {
  readonly id: string
  readonly version: number
  readonly status: Status
  readonly text: string
  readonly urgency: Urgency
  readonly desk: DeskState
  readonly releaseAt?: number
  readonly publishedAt?: number
  /** Oldest first. */
  readonly acts: readonly LineAct[]
  /** By cause: the version in which the headline was put to a decision. */
  readonly stoppedFor: Readonly<Record<string, number>>
}

interface StoredLine {
  readonly version: number
  readonly status: Status
  readonly contentVersion?: number
  /** JSON. */
  readonly desk?: string
  readonly pending?: string
  readonly publishedAt?: number
  readonly stoppedFor?: Readonly<Record<string, number>>
}

/** Ids of the headlines that wait for their time. Errors: UnavailableError. */
export function readWaitingIds(store: Store, feed: string): Promise<string[]> {
  return answered(store.redis.zrange(store.keys.feed(feed).status('due'), '0', '-1'))
}

/** Needs three round trips for any number of ids; unknown ids are left out. Errors: UnavailableError. */
export async function readLines(store: Store, feed: string, ids: readonly string[]): Promise<ActedLine[]> {
  if (ids.length === 0) return []
  const keys = store.keys.feed(feed)
  const raw = await answered(store.redis.hmget(keys.states, ...ids))
  const states = raw.flatMap((json, index) =>
    json === null ? [] : [{ id: ids[index] ?? '', state: JSON.parse(json) as StoredLine }],
  )
  if (states.length === 0) return []
  const fields = states.flatMap(({ id, state }) => fieldsOf(id, state.version))
  const [values, due] = await Promise.all([
    answered(store.redis.hmget(keys.versions, ...fields)),
    // ZMSCORE gives null for the member '', so a headline that waits for nothing has no due time.
    answered(
      store.redis.zmscore(
        keys.due,
        states.map(({ state }) => state.pending ?? ''),
      ),
    ),
  ])
  let read = 0
  return states.map(({ id, state }, index) => {
    const own = values.slice(read, (read += state.version * 2))
    return lineOf(id, state, own, due[index] ?? null)
  })
}

function fieldsOf(id: string, version: number): string[] {
  return Array.from({ length: version }, (_, index) => index + 1).flatMap((n) => [
    `${id}:${n}`,
    `${id}:${n}:content`,
  ])
}

function lineOf(
  id: string,
  { version, status, contentVersion, desk, publishedAt, stoppedFor = {} }: StoredLine,
  values: readonly (string | null)[],
  due: string | null,
): ActedLine {
  const content = contentVersion === undefined ? undefined : contentAt(values, contentVersion)
  return {
    id,
    version,
    status,
    text: content?.text ?? '',
    urgency: content?.urgency ?? 'bulletin',
    desk: desk === undefined ? { createdBy: '', authors: [] } : (JSON.parse(desk) as DeskState),
    ...(due !== null && { releaseAt: Number(due) }),
    ...(publishedAt !== undefined && { publishedAt }),
    acts: Array.from({ length: version }, (_, index) => actAt(values, index + 1)),
    stoppedFor,
  }
}

function actAt(values: readonly (string | null)[], version: number): LineAct {
  const saved = JSON.parse(values[version * 2 - 2] ?? '{}') as { action: Action; savedAt: string; act: Act }
  const { action, savedAt, act } = saved
  return { version, action, act, at: Date.parse(savedAt), wrote: contentAt(values, version) !== undefined }
}

/** The content with a text that was saved with a version. */
function contentAt(values: readonly (string | null)[], version: number): Content | undefined {
  const raw = values[version * 2 - 1]
  const content = raw ? (JSON.parse(raw) as Partial<Content>) : {}
  return content.text === undefined ? undefined : (content as Content)
}
