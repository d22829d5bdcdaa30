import { expect } from '@jest/globals'
import type { EventLog } from '../../src/eventlog/log.ts'
import { readAudit, readAuditHead, type RawAuditEntry } from '../../src/eventlog/read-audit.ts'
import { auditFaults, type SavedContent } from '../../src/eventlog/verify-audit.ts'
import { statuses } from '../../src/protocol/status.ts'

interface StoredState {
  readonly status: string
  readonly createdAt: number
  readonly story?: string
}

/** The indexes of the feed `en` say what the states say, and nothing else. */
export async function expectIndexesToHold(log: EventLog): Promise<void> {
  const keys = log.keys.feed('en')
  const stored = Object.entries(await log.redis.hgetall(keys.states)).map(
    ([id, raw]) => [id, JSON.parse(raw) as StoredState] as const,
  )
  const where = (holds: (state: StoredState) => boolean) =>
    Object.fromEntries(
      stored.filter(([, state]) => holds(state)).map(([id, { createdAt }]) => [id, createdAt]),
    )

  expect(await scoresOf(log, keys.lines)).toEqual(where(() => true))
  for (const status of statuses)
    expect({ status, ids: await scoresOf(log, keys.status(status)) }).toEqual({
      status,
      ids: where((state) => state.status === status),
    })
  const stories = new Set(stored.map(([, { story }]) => story).filter((story) => story !== undefined))
  for (const key of await log.redis.keys(keys.story('*'))) stories.add(key.slice(keys.story('').length))
  for (const story of stories)
    expect(await scoresOf(log, keys.story(story))).toEqual(where((state) => state.story === story))
  expect(await log.redis.hlen(keys.changes)).toBe(await log.redis.zcard(keys.due))
}

/** Ids that have this word in their current text. */
export async function idsOfWord(log: EventLog, word: string): Promise<string[]> {
  return Object.keys(await scoresOf(log, log.keys.feed('en').word(word)))
}

/** Everything that the audit of a feed is verified by. */
export async function auditOf(log: EventLog, scope = 'en') {
  const entries = await readAudit(log, scope, 0, 100_000)
  const contents = await log.redis.hgetall(log.keys.feed(scope).versions)
  const savedContent: SavedContent = (id, version) => contents[`${id}:${version}:content`]
  const end = await readAuditHead(log, scope)
  return {
    entries,
    contents,
    end,
    faults: (tampered: readonly RawAuditEntry[] = entries, saved = savedContent) =>
      auditFaults(tampered, { n: 0, chain: '' }, end, saved),
  }
}

async function scoresOf(log: EventLog, key: string): Promise<Record<string, number>> {
  const written = await log.redis.zrange(key, '0', '-1', 'WITHSCORES')
  const pairs = written.flatMap((id, at) => (at % 2 === 0 ? [[id, Number(written[at + 1])] as const] : []))
  return Object.fromEntries(pairs)
}
