/**
 * Where a headline stands. Before its first release: draft, pending (waits for approval), returned, rejected,
 * discarded, due (waits for its time), needs-decision (its time came and nobody released it). Only the statuses of
 * `publicStatuses` can be met by a reader.
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
