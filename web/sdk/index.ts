import { createClient as create } from './create-client.ts'
import type { Environment } from './environment.ts'
import type { Connection, ConnectOptions } from './types.ts'

/** A `connect` with another clock, WebSocket or `fetch`. It shares its connections with no other `connect`. */
export const createClient: (environment?: Partial<Environment>) => typeof connect = create

/**
 * Follows a feed until `close()`. Subscribers of the same address, feed and filters share one connection.
 * Errors: TypeError where `url` is no absolute address. Whatever the network does is told by `status`.
 */
export const connect: (options: ConnectOptions) => Connection = create()

export type * from './environment.ts'
export type * from './types.ts'
