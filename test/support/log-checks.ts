import { expect } from '@jest/globals'
import type { Store } from '../../src/eventlog/store/store.ts'
import { readAudit, readAuditHead, type RawAuditEntry } from '../../src/eventlog/audit/read-audit.ts'
import { findFaults, type SavedContent } from '../../src/eventlog/audit/find-faults.ts'
import { statuses } from '../../src/protocol/lists/statuses.ts'

interface StoredState {
  readonly status: string
  readonly createdAt: number
  readonly story?: string
}

/** Checks that the indexes of the feed `en` agree with the states of its headlines. */
export async function expectIndexesToHold(store: Store): Promise<void> {
  const keys = store.keys.feed('en')
  const stored = Object.entries(await store.redis.hgetall(keys.states)).map(
    ([id, raw]) => [id, JSON.parse(raw) as StoredState] as const,
  )
  const where = (holds: (state: StoredState) => boolean) =>
    Object.fromEntries(
      stored.filter(([, state]) => holds(state)).map(([id, { createdAt }]) => [id, createdAt]),
    )

  expect(await scoresOf(store, keys.headlines)).toEqual(where(() => true))
  for (const status of statuses)
    expect({ status, ids: await scoresOf(store, keys.status(status)) }).toEqual({
      status,
      ids: where((state) => state.status === status),
    })
  const stories = new Set(stored.map(([, { story }]) => story).filter((story) => story !== undefined))
  for (const key of await store.redis.keys(keys.story('*'))) stories.add(key.slice(keys.story('').length))
  for (const story of stories)
    expect(await scoresOf(store, keys.story(story))).toEqual(where((state) => state.story === story))
  expect(await store.redis.hlen(keys.changes)).toBe(await store.redis.zcard(keys.due))
}

/** Ids of the headlines with this word in their current text. */
export async function idsOfWord(store: Store, word: string): Promise<string[]> {
  return Object.keys(await scoresOf(store, store.keys.feed('en').word(word)))
}

/** Checks the audit of a feed. */
export async function auditOf(store: Store, scope = 'en') {
  const entries = await readAudit(store, scope, 0, 100_000)
  const contents = await store.redis.hgetall(store.keys.feed(scope).versions)
  const savedContent: SavedContent = (id, version) => contents[`${id}:${version}:content`]
  const end = await readAuditHead(store, scope)
  return {
    entries,
    contents,
    end,
    faults: (tampered: readonly RawAuditEntry[] = entries, saved = savedContent) =>
      findFaults(tampered, { n: 0, chain: '' }, end, saved),
  }
}

async function scoresOf(store: Store, key: string): Promise<Record<string, number>> {
  const written = await store.redis.zrange(key, '0', '-1', 'WITHSCORES')
  const pairs = written.flatMap((id, at) => (at % 2 === 0 ? [[id, Number(written[at + 1])] as const] : []))
  return Object.fromEntries(pairs)
}
