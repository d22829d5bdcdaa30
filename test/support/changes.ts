import { randomBytes, randomUUID } from 'node:crypto'
import type { EventLog } from '../../src/eventlog/log.ts'
import { saveHeadline, type Change, type Once, type SaveOutcome } from '../../src/eventlog/save-headline.ts'
import { contentSchema } from '../../src/protocol/headline.ts'

export function newId(): string {
  return randomBytes(16).toString('base64url')
}

export function onceOnly(token: string = randomUUID(), fingerprint = token): Once {
  return { token, fingerprint, rememberMs: 60_000 }
}

const act = { by: 'test', person: 'test', name: 'test' }

/** A first version. */
export function publish(id: string, text: string, extra: Partial<Change> = {}): Change {
  const content = contentSchema.parse({ text })
  return { feed: 'en', id, op: 'publish', expected: 0, allowed: [], status: 'due', content, act, ...extra }
}

export function correct(id: string, expected: number, text: string): Change {
  const content = contentSchema.parse({ text })
  return { feed: 'en', id, op: 'correct', expected, allowed: ['due', 'live'], content, act }
}

export function withdraw(id: string): Change {
  return {
    feed: 'en',
    id,
    op: 'withdraw',
    expected: 'any',
    allowed: ['due', 'live', 'held', 'expired'],
    status: 'withdrawn',
    content: {},
    act,
  }
}

export function save(log: EventLog, change: Change, once: Once = onceOnly()): Promise<SaveOutcome> {
  return saveHeadline(log, change, once)
}
