import type { Server } from 'node:http'

/** Across the modules of a test and those that prepare it. */
const OTHER = Symbol.for('flashline: a server of the tests')

/** A server that a test runs for itself: what it answers is no part of the contract. */
export function notTheService<S extends Server>(server: S): S {
  Object.defineProperty(server, OTHER, { value: true })
  return server
}

export function isTheService(server: object): boolean {
  return !(OTHER in server)
}
