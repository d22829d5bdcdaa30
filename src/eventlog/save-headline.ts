import { createHash } from 'node:crypto'
import type { Action } from '../protocol/lists/actions.ts'
import type { DeskState } from '../protocol/desk-state.ts'
import type { LoggedOp } from '../protocol/lists/ops.ts'
import type { Content } from '../protocol/headline.ts'
import type { Status } from '../protocol/lists/statuses.ts'
import type { Act } from './store/act.ts'
import type { AuditHead } from './audit/read-audit.ts'
import type { StoredAttention } from './read-headline.ts'
import type { Store } from './store/store.ts'

/** One act on one headline, as the newsroom's rules decided it from the headline's state. */
export interface Change {
  readonly feed: string
  readonly id: string
  readonly action: Action
  /** Version that the headline must have; 0: it must not exist; `any`: the act is valid whatever the version. */
  readonly expected: number | 'any'
  /** Statuses that allow the act. Checked when `expected` is `any`, and otherwise unless the list is empty. */
  readonly allowed: readonly Status[]
  /** Version of the policy that the decision used. */
  readonly policyVersion: number | 'any'
  /** Status that the headline takes at once; undefined: the status stays. */
  readonly status?: Status
  readonly due: SavedDueChange
  /** Saved as this version's content. Content with a text becomes the current content. */
  readonly content?: Content | { readonly note?: string }
  /** undefined: the desk state stays. */
  readonly desk?: DeskState
  readonly pinned?: boolean
  /** The headline is called breaking for so long after the event; 0: no longer. undefined: its end stays. */
  readonly breakingMs?: number
  readonly act: Act
  /** The feeds in which the other headlines of the story and edition get attention by this act; undefined: all feeds. */
  readonly attentionIn?: readonly string[]
  /** The edition that the headline is a part of. */
  readonly edition?: string
  /** The act is done in all parts of the edition, so they get no attention by it. */
  readonly wholeEdition?: boolean
  /** Index terms of the content's text. */
  readonly words?: readonly string[]
  /** The act is refused while a headline with this hash is live or due and was accepted in the last `withinMs`. */
  readonly duplicate?: { readonly hash: string; readonly withinMs: number; readonly force?: boolean }
  /** The act is refused when more news than this was accepted: then its text was not compared with all news. */
  readonly newsSeen?: number
  /** Flags the headline: the storage has lost an act on it. */
  readonly attention?: StoredAttention
  /** Counts the act as a release by this API key. A key that exceeds `perMinute` is frozen in this feed. */
  readonly release?: { readonly keyId: string; readonly perMinute: number }
}

/**
 * The act's change to the due set; `dueAt` in ms since 1970. With `waitMs` the event waits at least so long, by Redis's
 * clock: the undo window begins with the save.
 */
export type SavedDueChange =
  /** Adds a public event. Without `dueAt` it is due now, by Redis's clock. Holds and withdrawals go first. */
  | { readonly kind: 'add'; readonly op: LoggedOp; readonly dueAt?: number; readonly waitMs?: number }
  /** The waiting headline takes the new content and, if given, the new time. */
  | { readonly kind: 'edit'; readonly dueAt?: number; readonly waitMs?: number }
  /** The waiting headline is removed from the due set. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'none' }

/** Identifies a request, so that a repetition of it is recognised. */
export interface Once {
  /** Unique for the caller and its idempotency key. */
  readonly token: string
  /** The same for equal requests, different for different ones. */
  readonly fingerprint: string
  readonly rememberMs: number
}

interface SavedVersionAndStatus {
  readonly id: string
  readonly version: number
  readonly status: Status
  /** Planned release of its event; undefined when the act has no event. */
  readonly dueAt?: number
  readonly now: number
}
/** lua/save-headline.lua explains each outcome. */
export type SaveOutcome =
  | ({ readonly kind: 'saved' | 'cancelled'; readonly audited: AuditHead } & SavedVersionAndStatus)
  | ({ readonly kind: 'repeated' } & SavedVersionAndStatus)
  | { readonly kind: 'stale' | 'illegal'; readonly version: number; readonly status: Status }
  | { readonly kind: 'duplicate' | 'part-exists'; readonly id: string }
  | {
      readonly kind:
        'reused' | 'unknown' | 'no-feed' | 'policy-changed' | 'news-accepted' | 'feed-frozen' | 'key-frozen'
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
      keys.headlines,
      keys.storyTodo,
      keys.audit,
      keys.auditHead,
      keys.status(''),
      keys.author(''),
      keys.word(''),
      keys.story(''),
      keys.attention,
      keys.duties,
      keys.edition(change.edition ?? ''),
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

/** The outcome of an earlier request with the same token; undefined when there is none. Saves nothing. */
export async function recallRequest(
  store: Store,
  feed: string,
  once: Once,
): Promise<SaveOutcome | undefined> {
  // The script looks up the request before the headline, and no headline has the id ''.
  const emptyChange: Change = {
    feed,
    id: '',
    action: 'attended',
    expected: 'any',
    allowed: [],
    policyVersion: 'any',
    due: { kind: 'none' },
    act: { by: '', person: '', name: '' },
  }
  const outcome = await saveHeadline(store, emptyChange, once)
  return outcome.kind === 'unknown' ? undefined : outcome
}

/** The script's first argument. Content, desk state and act are arguments of their own, stored without re-encoding. */
function requestOf(change: Change, once: Once): object {
  const { content = {}, act, duplicate, newsSeen, release, attention } = change
  const { feed, id, action, expected, allowed, policyVersion, status, due, pinned, breakingMs, words } =
    change
  const withText = 'text' in content ? content : undefined
  return {
    ...{ feed, id, action, expected, allowed, policyVersion, status, due, pinned, breakingMs, words },
    fingerprint: sha256(once.fingerprint),
    rememberMs: once.rememberMs,
    text: withText !== undefined,
    story: withText?.story,
    expiresAt: withText?.expiresAt === undefined ? undefined : Date.parse(withText.expiresAt),
    noted: content.note !== undefined,
    person: act.person,
    attentionIn: change.attentionIn,
    edition: change.edition,
    wholeEdition: change.wholeEdition,
    keyId: keyOf(act),
    perMinute: release?.perMinute,
    duplicate: duplicate && duplicate.withinMs > 0 ? duplicate : undefined,
    newsSeen,
    attention,
  }
}

/** Id of the API key that acts; undefined when a person acts in a session. */
function keyOf({ by }: Act): string | undefined {
  return by.startsWith('key:') ? by.slice(4) : undefined
}

function outcomeOf([
  kind,
  id = '',
  version,
  status,
  dueAt,
  now,
  n,
  chain = '',
]: readonly string[]): SaveOutcome {
  const versionAndStatus = { version: Number(version), status: status as Status }
  const due = dueAt ? { dueAt: Number(dueAt) } : {}
  switch (kind as SaveOutcome['kind']) {
    case 'saved':
    case 'cancelled': {
      const audited = { n: Number(n), chain }
      return { kind: kind as 'saved', id, ...versionAndStatus, ...due, now: Number(now), audited }
    }
    case 'repeated':
      return { kind: 'repeated', id, ...versionAndStatus, ...due, now: Number(now) }
    case 'stale':
    case 'illegal':
      return { kind: kind as 'stale', ...versionAndStatus }
    case 'duplicate':
    case 'part-exists':
      return { kind: kind as 'duplicate', id }
    case 'reused':
    case 'unknown':
    case 'no-feed':
    case 'policy-changed':
    case 'news-accepted':
    case 'feed-frozen':
    case 'key-frozen':
      return { kind: kind as 'reused' }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
