import { createClient as create } from './create-client.ts'
import type { Environment } from './environment.ts'
import type { Connection, ConnectOptions } from './types.ts'

/**
 * Follows a feed until `close()`. Subscribers of the same address, feed and filters share one connection. The
 * state of the network is in `status`.
 *
 * @param options the feed to follow, and how
 * @returns the feed as this subscriber sees it
 * @throws TypeError if `url` is not an absolute URL
 * @function
 */
export const connect: (options: ConnectOptions) => Connection = create()

/**
 * Makes a `connect` that uses another clock, WebSocket or `fetch`. It shares its connections with no other `connect`.
 *
 * @param environment parts that replace those of this browser or Node
 * @returns a `connect` of its own
 * @function
 */
export const createClient: (environment?: Partial<Environment>) => (options: ConnectOptions) => Connection =
  create

export type * from './types.ts'
export type * from './environment.ts'
