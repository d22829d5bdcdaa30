import { kept } from '../platform/kept.ts'
import type { FailedAct } from './use-acts.ts'

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
