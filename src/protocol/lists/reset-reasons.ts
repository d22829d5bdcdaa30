/** Why a reader gets the whole strip: PROTOCOL.md explains each. */
export const resetReasons = ['start', 'epoch', 'range', 'mark', 'lagging'] as const
export type ResetReason = (typeof resetReasons)[number]
