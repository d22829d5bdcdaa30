import { ipKeyGenerator, type IncrementResponse, type Options } from 'express-rate-limit'
import type { RedisStore } from 'rate-limit-redis'
import type { Store } from '../eventlog/store/store.ts'
import { answered } from '../eventlog/store/scripts.ts'
import { sharedCounters } from '../platform/shared-counters.ts'
import { BusyError } from '../platform/errors.ts'
import { hashOf } from './secrets.ts'

const WINDOW_MS = 15 * 60_000
/** Tries for one thing from one address. */
const MOST_TRIES = 10
/** After so many tries from anywhere somebody is guessing: a new address has few tries, and still some. */
const SIEGE = 50
const MOST_TRIES_IN_SIEGE = 2
/** Tries of one address for anything; it may be that of a whole house. */
const MOST_OF_ADDRESS = 100

export interface Attempt {
  /** With this one, so many that somebody must be guessing; true for one try in a row. */
  readonly siegeBegins: boolean
  /** Tries before this one, from anywhere, that have not succeeded. */
  readonly failedBefore: number
  /** It was right: it does not count. */
  succeeded(): Promise<void>
}

/**
 * Slows down who guesses. What is guessed at is never closed to an address that has not guessed: nobody can lock
 * another one out. Counted over all processes.
 */
export class Throttle {
  readonly #counters: RedisStore

  constructor(store: Store) {
    this.#counters = sharedCounters(store.redis, store.keys.desk.failures)
    void this.#counters.init({ windowMs: WINDOW_MS } as Options)
  }

  /** Counts before anything is looked at: many tries at once are many tries. Errors: BusyError, UnavailableError. */
  async attempt(target: string, ip: string): Promise<Attempt> {
    const address = ipKeyGenerator(ip)
    const what = hashOf(target).slice(0, 32)
    const pair = `${what} ${address}`
    const [ofAll, ofPair, ofAddress] = await answered(
      Promise.all([
        this.#counters.increment(what),
        this.#counters.increment(pair),
        this.#counters.increment(address),
      ]),
    )
    const tries = ofAll.totalHits > SIEGE ? MOST_TRIES_IN_SIEGE : MOST_TRIES
    if (ofAddress.totalHits > MOST_OF_ADDRESS) throw tooMany(ofAddress)
    if (ofPair.totalHits > tries) throw tooMany(ofPair)
    return {
      siegeBegins: ofAll.totalHits === SIEGE,
      failedBefore: ofAll.totalHits - 1,
      succeeded: async () => {
        await Promise.all([
          this.#counters.resetKey(pair),
          this.#counters.decrement(what),
          this.#counters.decrement(address),
        ])
      },
    }
  }
}

function tooMany({ resetTime }: IncrementResponse): BusyError {
  const restMs = (resetTime?.getTime() ?? 0) - Date.now()
  return new BusyError('too many tries', Math.max(restMs, 1_000))
}
