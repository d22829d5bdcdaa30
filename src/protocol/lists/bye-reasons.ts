/** Why the server ends a connection: PROTOCOL.md explains each. */
export const byeReasons = ['draining', 'slow', 'idle'] as const
export type ByeReason = (typeof byeReasons)[number]
