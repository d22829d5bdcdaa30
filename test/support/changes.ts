import { randomBytes, randomUUID } from 'node:crypto'
import type { Act } from '../../src/eventlog/store/act.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { saveHeadline, type Change, type Once, type SaveOutcome } from '../../src/eventlog/save-headline.ts'
import { contentSchema } from '../../src/protocol/headline.ts'

export function newId(): string {
  return randomBytes(16).toString('base64url')
}

export function onceOnly(token: string = randomUUID(), fingerprint = token): Once {
  return { token, fingerprint, rememberMs: 60_000 }
}

export const testAct: Act = { by: 'user:u_test', person: 'u_test', name: 'Tess' }
const standard = { feed: 'en', allowed: [], policyVersion: 'any', act: testAct } as const

/** The first version of a headline. It waits until `dueAt`, or the next run of release-due.lua releases it. */
export function publish(
  id: string,
  text: string,
  { dueAt, ...extra }: Partial<Change> & { dueAt?: number } = {},
): Change {
  const content = contentSchema.parse({ text })
  const due = { kind: 'add', op: 'publish', ...(dueAt !== undefined && { dueAt }) } as const
  return { ...standard, id, action: 'release', expected: 0, status: 'due', due, content, ...extra }
}

/** A change of a released headline. */
export function correct(id: string, expected: number, text: string, extra: Partial<Change> = {}): Change {
  const content = contentSchema.parse({ text })
  const due = { kind: 'add', op: 'correct' } as const
  return { ...standard, id, action: 'correct', expected, allowed: ['live'], due, content, ...extra }
}

/** A change of a waiting headline. */
export function edit(id: string, expected: number, text: string, dueAt?: number): Change {
  const due = { kind: 'edit', ...(dueAt !== undefined && { dueAt }) } as const
  return correct(id, expected, text, { action: 'save', allowed: [], due })
}

export function undo(id: string, expected: number): Change {
  return { ...standard, id, action: 'undo', expected, status: 'draft', due: { kind: 'cancel' } }
}

export function withdraw(id: string, extra: Partial<Change> = {}): Change {
  return {
    ...standard,
    id,
    action: 'withdraw',
    expected: 'any',
    allowed: ['due', 'needs-decision', 'live', 'held', 'expired'],
    status: 'withdrawn',
    due: { kind: 'add', op: 'withdraw' },
    ...extra,
  }
}

export function hold(id: string, extra: Partial<Change> = {}): Change {
  const due = { kind: 'add', op: 'hold' } as const
  return {
    ...standard,
    id,
    action: 'hold',
    expected: 'any',
    allowed: ['live'],
    status: 'held',
    due,
    ...extra,
  }
}

export function resume(id: string, expected: number): Change {
  const due = { kind: 'add', op: 'resume' } as const
  return { ...standard, id, action: 'resume', expected, allowed: ['held'], status: 'live', due }
}

export function expire(id: string, expected: number): Change {
  const due = { kind: 'add', op: 'expire' } as const
  return { ...standard, id, action: 'expire', expected, allowed: ['live', 'held'], status: 'expired', due }
}

export function pin(id: string, expected: Change['expected'], pinned = true): Change {
  const op = pinned ? 'pin' : 'unpin'
  return { ...standard, id, action: op, expected, allowed: ['live'], pinned, due: { kind: 'add', op } }
}

export function save(store: Store, change: Change, once: Once = onceOnly()): Promise<SaveOutcome> {
  return saveHeadline(store, change, once)
}
