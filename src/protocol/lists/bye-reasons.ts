/** Why the server ends a connection that it has served: each is the name of a close code, too. */
export const endReasons = ['draining', 'slow', 'idle', 'revoked'] as const
export type EndReason = (typeof endReasons)[number]

/** The reasons of a `bye`: PROTOCOL.md explains each. `unavailable`: the server cannot serve the stream now. */
export const byeReasons = [...endReasons, 'unavailable'] as const
export type ByeReason = (typeof byeReasons)[number]
