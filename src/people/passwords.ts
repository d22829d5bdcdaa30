import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { BusyError } from '../platform/errors.ts'

/** One computation takes 19 MiB and a thread for some 10 ms. */
const MAX_RUNNING = 2
const MAX_WAITING = 64

/** argon2id with the package's default cost (19 MiB, 2 passes). Limits how many computations run at the same time. */
export class Passwords {
  readonly #waiting: (() => void)[] = []
  /** Compared with the password of an unknown account, so that the answer takes as long as for a known one. */
  readonly #decoy = hash(randomBytes(32))
  #running = 0

  /** Errors: BusyError. */
  hash(password: string): Promise<string> {
    return this.#turn(() => hash(canonical(password)))
  }

  /** Takes as long without a hash as with one. Errors: BusyError. */
  async isOf(password: string, passwordHash: string | undefined): Promise<boolean> {
    const compared = passwordHash ?? (await this.#decoy)
    const same = await this.#turn(() => verify(compared, canonical(password)))
    return same && passwordHash !== undefined
  }

  async #turn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_RUNNING) {
      if (this.#waiting.length >= MAX_WAITING) throw new BusyError('too many passwords wait to be checked')
      await new Promise<void>((go) => this.#waiting.push(go))
    } else this.#running++
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
}

/** Keyboards encode the same letter in different ways, for example a letter with an accent. */
function canonical(password: string): string {
  return password.normalize('NFKC')
}
