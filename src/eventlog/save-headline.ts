import { createHash } from 'node:crypto'
import type { Content } from '../protocol/headline.ts'
import type { Status } from '../protocol/status.ts'
import type { Act } from './act.ts'
import type { EventLog } from './log.ts'

/** One change of one headline, as the newsroom's rules have decided it. */
export interface Change {
  readonly feed: string
  readonly id: string
  readonly op: 'publish' | 'correct' | 'withdraw' | 'expire'
  /** The version that the headline must have; `any` for a change that never loses against a concurrent one. */
  readonly expected: number | 'any'
  /** Statuses that allow the change. */
  readonly allowed: readonly Status[]
  /** The status that it takes at once; undefined keeps it. */
  readonly status?: Status
  readonly content: Content | { readonly note?: string }
  readonly act: Act
  /** ms since 1970; undefined: now, by Redis's clock. */
  readonly dueAt?: number
}

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
  readonly dueAt: number
  readonly now: number
}
export type SaveOutcome =
  | ({ readonly kind: 'saved' | 'cancelled' | 'repeated' } & Saved)
  | { readonly kind: 'stale' | 'illegal'; readonly version: number; readonly status: Status }
  | { readonly kind: 'reused' | 'unknown' | 'no-feed' }

/** Accepts a change in one atomic step; see lua/save-headline.lua. Errors: UnavailableError. */
export async function saveHeadline(log: EventLog, change: Change, once: Once): Promise<SaveOutcome> {
  const keys = log.keys.feed(change.feed)
  const expiresAt = 'expiresAt' in change.content ? change.content.expiresAt : undefined
  const reply = await log.scripts['save-headline'](
    [
      keys.definition,
      keys.head,
      keys.states,
      keys.versions,
      keys.changes,
      keys.due,
      keys.once(sha256(once.token)),
    ],
    [
      sha256(once.fingerprint),
      once.rememberMs,
      change.id,
      change.op,
      change.expected === 'any' ? '*' : change.expected,
      change.allowed.join(','),
      change.status ?? '',
      JSON.stringify(change.content),
      JSON.stringify(change.act),
      change.dueAt ?? '',
      expiresAt === undefined ? '' : Date.parse(expiresAt),
    ],
  )
  return outcomeOf(reply as string[])
}

/** What became of a request that has come before; undefined when it has not. Saves nothing. */
export async function recallRequest(
  log: EventLog,
  feed: string,
  once: Once,
): Promise<SaveOutcome | undefined> {
  // The script looks for the request before it looks at the headline, and no headline has this id.
  const nothing = {
    feed,
    id: '',
    op: 'expire',
    expected: 'any',
    allowed: [],
    content: {},
    act: { by: '', person: '', name: '' },
  } as const
  const outcome = await saveHeadline(log, nothing, once)
  return outcome.kind === 'unknown' ? undefined : outcome
}

function outcomeOf([kind, id, version, status, dueAt, now]: readonly string[]): SaveOutcome {
  const standing = { version: Number(version), status: status as Status }
  switch (kind as SaveOutcome['kind']) {
    case 'saved':
    case 'cancelled':
    case 'repeated':
      return {
        kind: kind as 'saved',
        id: id ?? '',
        ...standing,
        dueAt: Number(dueAt),
        now: Number(now),
      }
    case 'stale':
    case 'illegal':
      return { kind: kind as 'stale', ...standing }
    case 'reused':
    case 'unknown':
    case 'no-feed':
      return { kind: kind as 'reused' }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
