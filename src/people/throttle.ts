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
/** Tries of one address for all targets. Many people may share the address. */
const MAX_TRIES_OF_ADDRESS = 100

export interface Attempt {
  /**
   * True for the one failed sign-in that reaches the limit of guessing, and not for those after it: the log gets one
   * warning.
   */
  readonly reachesGuessingLimit: boolean
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

  /** Counts a try before its secret is checked: parallel tries all count. Errors: BusyError, UnavailableError. */
  async attempt(target: string, ip: string): Promise<Attempt> {
    const address = ipKeyGenerator(ip)
    const targetKey = hashOf(target).slice(0, 32)
    const pair = `${targetKey} ${address}`
    const [ofAll, ofPair, ofAddress] = await answered(
      Promise.all([
        this.#counters.increment(targetKey),
        this.#counters.increment(pair),
        this.#counters.increment(address),
      ]),
    )
    const tries = ofAll.totalHits > GUESSING_TRIES ? MAX_TRIES_WHILE_GUESSED : MAX_TRIES
    if (ofAddress.totalHits > MAX_TRIES_OF_ADDRESS) throw tooMany(ofAddress)
    if (ofPair.totalHits > tries) throw tooMany(ofPair)
    return {
      reachesGuessingLimit: ofAll.totalHits === GUESSING_TRIES,
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

function tooMany({ resetTime }: IncrementResponse): BusyError {
  const restMs = (resetTime?.getTime() ?? 0) - Date.now()
  return new BusyError('too many failed tries', Math.max(restMs, 1_000))
}
