import type { Content } from '../protocol/headline.ts'
import type { Op } from '../protocol/frames.ts'
import type { Status } from '../protocol/status.ts'
import type { Act } from './act.ts'
import type { EventLog } from './log.ts'

import { answered } from './scripts.ts'

export interface SavedVersion {
  readonly version: number
  readonly op: Op
  /** RFC 3339, UTC. */
  readonly savedAt: string
  readonly act: Act
  readonly content: Content | { readonly note?: string }
  /** Where it was released; absent while it waits, and for ever where it was overtaken. */
  readonly position?: string
}

/** A headline as the newsroom sees it. */
export interface HeadlineRecord {
  readonly id: string
  readonly version: number
  readonly status: Status
  /** When it will be released, while it waits for that: RFC 3339, UTC. */
  readonly releaseAt?: string
  /** Oldest first. */
  readonly versions: readonly SavedVersion[]
}

interface State {
  readonly version: number
  readonly status: Status
  /** Its member of the due set, before its first release. */
  readonly pending?: string
}

/** Errors: UnavailableError. */
export async function readHeadline(
  log: EventLog,
  feed: string,
  id: string,
): Promise<HeadlineRecord | undefined> {
  const keys = log.keys.feed(feed)
  const raw = await answered(log.redis.hget(keys.states, id))
  if (raw === null) return undefined
  const { version, status, pending } = JSON.parse(raw) as State
  const numbers = Array.from({ length: version }, (_, index) => index + 1)
  const fields = numbers.flatMap((n) => [`${id}:${n}`, `${id}:${n}:position`])
  const [values, due] = await Promise.all([
    answered(log.redis.hmget(keys.versions, ...fields)),
    pending === undefined ? null : answered(log.redis.zscore(keys.due, pending)),
  ])
  return {
    id,
    version,
    status,
    ...(due !== null && { releaseAt: new Date(Number(due)).toISOString() }),
    versions: numbers.map((_, index) => versionAt(values, index)),
  }
}

/** Where a version was released; undefined when it was not. */
export async function readReleasedPosition(
  log: EventLog,
  feed: string,
  id: string,
  version: number,
): Promise<string | undefined> {
  const position = await answered(log.redis.hget(log.keys.feed(feed).versions, `${id}:${version}:position`))
  return position ?? undefined
}

function versionAt(values: readonly (string | null)[], index: number): SavedVersion {
  const saved = JSON.parse(values[index * 2] ?? '{}') as SavedVersion
  const position = values[index * 2 + 1]
  return position ? { ...saved, position } : saved
}

/** What a change of `version` starts from: the newest content up to it that has a text. */
export function contentOf(record: HeadlineRecord, version: number): Content | undefined {
  const written = record.versions.findLast((saved) => saved.version <= version && 'text' in saved.content)
  return written?.content as Content | undefined
}
