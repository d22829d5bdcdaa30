import type { Action } from '../../../src/protocol/lists/actions.ts'
import type { Refusal } from '../platform/api-client.ts'
import { kept } from '../platform/kept.ts'

/** The wish for one act. A repetition under the same key takes effect once. */
export interface Wish {
  readonly id: string
  readonly action: Action
  readonly body: object
  readonly version: number | undefined
  readonly key: string
  /** The words of the line, for the receipt. */
  readonly text: string
}

/** An act without effect, or without an answer. It shows until the person repeats or dismisses it. */
export interface FailedAct {
  readonly wish: Wish
  readonly refusal: Refusal
  readonly at: string
}

/** Protects the page of a person who handles none of them. */
const MOST_FAILED = 50

/** The failed acts that this browser has kept over a reload. */
export function keptFailures(name: string): readonly FailedAct[] {
  try {
    const read: unknown = JSON.parse(kept.get(name) ?? '[]')
    return Array.isArray(read) ? (read as FailedAct[]) : []
  } catch {
    return []
  }
}

export function keepFailures(name: string, failed: readonly FailedAct[]): void {
  if (failed.length === 0) kept.remove(name)
  else kept.set(name, JSON.stringify(failed))
}

/** The newest failure of a line takes the place of the one before. */
export function withFailure(failed: readonly FailedAct[], act: FailedAct): readonly FailedAct[] {
  return [act, ...withoutFailure(failed, act.wish.id)].slice(0, MOST_FAILED)
}

export function withoutFailure(failed: readonly FailedAct[], id: string): readonly FailedAct[] {
  return failed.filter(({ wish }) => wish.id !== id)
}
