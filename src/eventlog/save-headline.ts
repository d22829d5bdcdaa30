import { createHash } from 'node:crypto'
import type { Action } from '../protocol/actions.ts'
import type { DeskState } from '../protocol/desk-state.ts'
import type { Op } from '../protocol/frames.ts'
import type { Content } from '../protocol/headline.ts'
import type { Status } from '../protocol/status.ts'
import type { Act } from './store/act.ts'
import type { Store } from './store/store.ts'

/** One act on one headline, as the newsroom's rules have decided it on where the headline stood. */
export interface Change {
  readonly feed: string
  readonly id: string
  readonly action: Action
  /** The version that the headline must have; 0: it must not exist; `any` for an act that never loses against another. */
  readonly expected: number | 'any'
  /** Statuses that allow the act: checked for `any`, and else where some are named. */
  readonly allowed: readonly Status[]
  /** The policy by which it was decided. */
  readonly policyVersion: number | 'any'
  /** The status that it takes at once; undefined keeps it. */
  readonly status?: Status
  readonly due: SavedDueChange
  /** Kept as this version's content; one with a text becomes the current content. */
  readonly content?: Content | { readonly note?: string }
  /** undefined keeps it. */
  readonly desk?: DeskState
  readonly pinned?: boolean
  readonly act: Act
  /** Index terms of the text, where the content has one. */
  readonly words?: readonly string[]
  /** Refused while a line with an equal hash is live or due and was accepted within the time, unless forced. */
  readonly duplicate?: { readonly hash: string; readonly withinMs: number; readonly force?: boolean }
  /** Counts as a release of this API key: beyond the number the key is frozen in this feed: see freezeKeyElsewhere. */
  readonly release?: { readonly keyId: string; readonly perMinute: number }
}

/** What happens to the due set; `dueAt` in ms since 1970. */
export type SavedDueChange =
  /** A public event; without `dueAt` now, by Redis's clock. A hold or withdrawal goes before all others. */
  | { readonly kind: 'add'; readonly op: Exclude<Op, 'leave'>; readonly dueAt?: number }
  /** What waits takes the new content, and the new time where one is given. */
  | { readonly kind: 'edit'; readonly dueAt?: number }
  /** What waits is taken out. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'none' }

/** Makes a request recognisable when it comes again. */
export interface Once {
  /** Unique to the caller and its key, for `rememberMs`. */
  readonly token: string
  /** Equal for equal requests. */
  readonly fingerprint: string
  readonly rememberMs: number
}

interface Saved {
  readonly id: string
  readonly version: number
  readonly status: Status
  /** When its event will be released; undefined where it has none. */
  readonly dueAt?: number
  readonly now: number
}
/** See lua/save-headline.lua for what each of them means. */
export type SaveOutcome =
  | ({ readonly kind: 'saved' | 'cancelled' | 'repeated' } & Saved)
  | { readonly kind: 'stale' | 'illegal'; readonly version: number; readonly status: Status }
  | { readonly kind: 'duplicate'; readonly id: string }
  | {
      readonly kind: 'reused' | 'unknown' | 'no-feed' | 'policy-changed' | 'feed-frozen' | 'key-frozen'
    }

/** Accepts an act in one atomic step; see lua/save-headline.lua. Errors: UnavailableError. */
export async function saveHeadline(store: Store, change: Change, once: Once): Promise<SaveOutcome> {
  const { content, desk, act, duplicate, release } = change
  const keys = store.keys.feed(change.feed)
  const reply = await store.scripts['save-headline'](
    [
      keys.definition,
      keys.head,
      keys.policy,
      keys.states,
      keys.versions,
      keys.changes,
      keys.due,
      keys.once(sha256(once.token)),
      keys.frozenKeys,
      keys.pace(release?.keyId ?? ''),
      keys.text(duplicate?.hash ?? ''),
      keys.lines,
      keys.storyTodo,
      keys.audit,
      keys.auditHead,
      keys.status(''),
      keys.author(''),
      keys.word(''),
      keys.story(''),
      keys.attention,
    ],
    [
      JSON.stringify(requestOf(change, once)),
      content === undefined ? '' : JSON.stringify(content),
      desk === undefined ? '' : JSON.stringify(desk),
      JSON.stringify(act),
      keys.desk,
    ],
  )
  return outcomeOf(reply as string[])
}

/** What became of a request that has come before; undefined when it has not. Saves nothing. */
export async function recallRequest(
  store: Store,
  feed: string,
  once: Once,
): Promise<SaveOutcome | undefined> {
  // The script looks for the request before it looks at the headline, and no headline has this id.
  const nothing: Change = {
    feed,
    id: '',
    action: 'attended',
    expected: 'any',
    allowed: [],
    policyVersion: 'any',
    due: { kind: 'none' },
    act: { by: '', person: '', name: '' },
  }
  const outcome = await saveHeadline(store, nothing, once)
  return outcome.kind === 'unknown' ? undefined : outcome
}

/** Without what is kept as it is written. */
function requestOf(change: Change, once: Once): object {
  const { content = {}, act, duplicate, release } = change
  const { feed, id, action, expected, allowed, policyVersion, status, due, pinned, words } = change
  const written = 'text' in content ? content : undefined
  return {
    ...{ feed, id, action, expected, allowed, policyVersion, status, due, pinned, words },
    fingerprint: sha256(once.fingerprint),
    rememberMs: once.rememberMs,
    text: written !== undefined,
    story: written?.story,
    expiresAt: written?.expiresAt === undefined ? undefined : Date.parse(written.expiresAt),
    noted: content.note !== undefined,
    person: act.person,
    keyId: keyOf(act),
    perMinute: release?.perMinute,
    duplicate: duplicate && duplicate.withinMs > 0 ? duplicate : undefined,
  }
}

/** The API key by which somebody acts; undefined for a person's own session. */
function keyOf({ by }: Act): string | undefined {
  return by.startsWith('key:') ? by.slice(4) : undefined
}

function outcomeOf([kind, id = '', version, status, dueAt, now]: readonly string[]): SaveOutcome {
  const versionAndStatus = { version: Number(version), status: status as Status }
  switch (kind as SaveOutcome['kind']) {
    case 'saved':
    case 'cancelled':
    case 'repeated': {
      const waits = dueAt ? { dueAt: Number(dueAt) } : {}
      return { kind: kind as 'saved', id, ...versionAndStatus, ...waits, now: Number(now) }
    }
    case 'stale':
    case 'illegal':
      return { kind: kind as 'stale', ...versionAndStatus }
    case 'duplicate':
      return { kind: 'duplicate', id }
    case 'reused':
    case 'unknown':
    case 'no-feed':
    case 'policy-changed':
    case 'feed-frozen':
    case 'key-frozen':
      return { kind: kind as 'reused' }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
