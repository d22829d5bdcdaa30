import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { BusyError } from '../platform/errors.ts'

/** Each takes 19 MiB and a thread for some 10 ms. */
const MOST_AT_ONCE = 2
const MOST_WAITING = 64

/** argon2id with the package's usual cost (19 MiB, 2 passes), so many at once as the process can bear. */
export class Passwords {
  readonly #waiting: (() => void)[] = []
  /** What is compared where there is nothing to compare with. */
  readonly #decoy = hash(randomBytes(32))
  #running = 0

  /** Errors: BusyError. */
  hash(password: string): Promise<string> {
    return this.#turn(() => hash(canonical(password)))
  }

  /** Takes as long where there is no hash. Errors: BusyError. */
  async isOf(password: string, passwordHash: string | undefined): Promise<boolean> {
    const compared = passwordHash ?? (await this.#decoy)
    const same = await this.#turn(() => verify(compared, canonical(password)))
    return same && passwordHash !== undefined
  }

  async #turn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MOST_AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) throw new BusyError('too many passwords to look at')
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

/** Two keyboards may write the same letters in two ways. */
function canonical(password: string): string {
  return password.normalize('NFKC')
}
