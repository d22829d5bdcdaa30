import { ipKeyGenerator, type IncrementResponse, type Options } from 'express-rate-limit'
import type { RedisStore } from 'rate-limit-redis'
import type { Store } from '../eventlog/store/store.ts'
import { answered } from '../eventlog/store/scripts.ts'
import { sharedCounters } from '../platform/shared-counters.ts'
import { BusyError } from '../platform/errors.ts'
import { hashOf } from './secrets.ts'

const WINDOW_MS = 15 * 60_000
/** Tries for one target from one address. */
const MAX_TRIES = 10
/** This many tries for one target from all addresses mean guessing: each address then has fewer tries, but not none. */
const GUESSING_TRIES = 50
const MAX_TRIES_WHILE_GUESSED = 2
/** Admins see failures from this number on. */
export const SHOWN_FAILURES = 10
const REPORTED_TRIES = [SHOWN_FAILURES, GUESSING_TRIES]
/** Tries of one address for all targets. Many people may share the address. */
const MAX_TRIES_OF_ADDRESS = 100

export interface Attempt {
  /** Whether the audit gets an entry for exactly this try when it fails. */
  readonly isReported: boolean
  /** Failed tries from the same address before this one, for all targets. */
  readonly failedFromAddress: number
  /** Too many tries have failed. A caller with another proof may be let through; every other one gets this error. */
  readonly limit: BusyError | undefined
  /** Failed tries for the same target before this one, from all addresses. */
  readonly failedBefore: number
  /** Removes the try from the counts. */
  succeeded(): Promise<void>
}

/**
 * Limits tries of passwords and codes. An address that has not tried yet can always try a target, so nobody can lock
 * out another person. Tries are counted over all processes.
 */
export class Throttle {
  readonly #counters: RedisStore

  constructor(store: Store) {
    this.#counters = sharedCounters(store.redis, store.keys.desk.failures)
    void this.#counters.init({ windowMs: WINDOW_MS } as Options)
  }

  /**
   * Counts the try of a caller who has proved something else already, a password or a session: only the tries for the
   * same target limit it, not those of other people at the address. Errors: BusyError, UnavailableError.
   */
  async attempt(target: string, ip: string): Promise<Attempt> {
    const attempt = await this.#counted(target, ip, Infinity)
    if (attempt.limit) throw attempt.limit
    return attempt
  }

  /** Failed tries for a target within the window, from all addresses. Errors: UnavailableError. */
  async failures(target: string): Promise<number> {
    return (await answered(this.#counters.get(keyOf(target))))?.totalHits ?? 0
  }

  /** Counts a try before its secret is checked: parallel tries all count. Errors: UnavailableError. */
  count(target: string, ip: string): Promise<Attempt> {
    return this.#counted(target, ip, MAX_TRIES_OF_ADDRESS)
  }

  async #counted(target: string, ip: string, mostOfAddress: number): Promise<Attempt> {
    const address = ipKeyGenerator(ip)
    const targetKey = keyOf(target)
    const pair = `${targetKey} ${address}`
    const [ofAll, ofPair, ofAddress] = await answered(
      Promise.all([
        this.#counters.increment(targetKey),
        this.#counters.increment(pair),
        this.#counters.increment(address),
      ]),
    )
    const tries = ofAll.totalHits > GUESSING_TRIES ? MAX_TRIES_WHILE_GUESSED : MAX_TRIES
    const over =
      ofAddress.totalHits > mostOfAddress ? ofAddress : ofPair.totalHits > tries ? ofPair : undefined
    return {
      isReported: REPORTED_TRIES.includes(ofAll.totalHits),
      failedFromAddress: ofAddress.totalHits - 1,
      limit: over && tooMany(over),
      failedBefore: ofAll.totalHits - 1,
      succeeded: async () => {
        await Promise.all([
          this.#counters.resetKey(pair),
          this.#counters.decrement(targetKey),
          this.#counters.decrement(address),
        ])
      },
    }
  }
}

function keyOf(target: string): string {
  return hashOf(target).slice(0, 32)
}

function tooMany({ resetTime }: IncrementResponse): BusyError {
  const restMs = (resetTime?.getTime() ?? 0) - Date.now()
  return new BusyError('too many failed tries', Math.max(restMs, 1_000))
}
