/**
 * The statuses of a headline. Before its first release: draft, pending (waits for approval), returned, rejected,
 * discarded, due (waits for its time), needs-decision (its time has passed without a release).
 */
export const statuses = [
  'draft',
  'pending',
  'returned',
  'rejected',
  'discarded',
  'due',
  'needs-decision',
  'live',
  'held',
  'withdrawn',
  'expired',
] as const
export type Status = (typeof statuses)[number]

/**
 * Statuses that a reader can meet; `filtered` only with the op `leave`, `superseded` only in the replay of an event
 * whose words a later event has replaced.
 */
export const publicStatuses = ['live', 'held', 'withdrawn', 'expired', 'superseded', 'filtered'] as const
export type PublicStatus = (typeof publicStatuses)[number]

/** `accepted`: waits for its release. `released`: it shows, or may show again. */
type Stage = 'drafting' | 'accepted' | 'released' | 'ended'

const stages = {
  draft: 'drafting',
  pending: 'drafting',
  returned: 'drafting',
  rejected: 'drafting',
  discarded: 'drafting',
  due: 'accepted',
  'needs-decision': 'accepted',
  live: 'released',
  held: 'released',
  withdrawn: 'ended',
  expired: 'ended',
} as const satisfies Readonly<Record<Status, Stage>>

export function statusesIn(...wanted: readonly Stage[]): Status[] {
  return statuses.filter((status) => wanted.includes(stages[status]))
}

export function isReleased(status: Status): boolean {
  return stages[status] === 'released'
}
