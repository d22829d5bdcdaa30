/** Where a headline stands. Only the statuses of `publicStatuses` can be met by a reader. */
export const statuses = ['due', 'live', 'held', 'withdrawn', 'expired'] as const
export type Status = (typeof statuses)[number]
