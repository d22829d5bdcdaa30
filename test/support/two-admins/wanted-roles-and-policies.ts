import type { FeedRoles } from '../../../src/protocol/feed-roles.ts'
import { roles } from '../../../src/protocol/lists/roles.ts'

/** Feeds for which the cheat wants roles. */
export const scopes = ['two', '*', 'free', 'later'] as const

export function rolesOf(detail: number): FeedRoles {
  const scope = scopes[detail % scopes.length] ?? 'two'
  const role = roles[Math.floor(detail / scopes.length) % roles.length] ?? 'editor'
  return detail % 7 === 0 ? { [scope]: role, free: 'chief' } : { [scope]: role }
}

export function policyOf(detail: number): object {
  const strict = { flash: 'nobody', bulletin: 'nobody', urgent: 'nobody', routine: 'nobody' }
  const undoMs = { bulletin: 0, urgent: 0, routine: 0 }
  return [
    { alone: { ...strict, routine: 'editor' }, undoMs, duplicateWithinMs: 0 },
    { alone: strict, undoMs: { bulletin: 0, urgent: 0, routine: 10 }, duplicateWithinMs: 0 },
    { alone: { ...strict, flash: 'chief' }, undoMs, duplicateWithinMs: 0 },
    { alone: strict, undoMs, duplicateWithinMs: 0, flashNeedsSecondFactor: false },
    { alone: strict, undoMs, duplicateWithinMs: 0, releasesPerMinute: 10 },
    {},
  ][detail % 6] as object
}
