import type { Channel, ContractChecker } from './contract-checker.ts'
import type { Exchange } from './exchange.ts'

/** Faults that one test shows; more of them are mostly the same. */
const MOST_FAULTS = 20

/** The answers of the services in a test, compared with the contract. */
class AnswerLog {
  #checker: Promise<ContractChecker> | undefined
  #checks: Promise<void>[] = []
  readonly #faults = new Set<string>()

  took(exchange: Exchange): void {
    this.#check((checker) => checker.faults(exchange))
  }

  /** A frame that a client got, or the body of a webhook. */
  tookMessage(channel: Channel, message: { readonly type: string }): void {
    this.#check((checker) => checker.messageFaults(channel, message))
  }

  /** Since the last time. */
  async faults(): Promise<string[]> {
    await Promise.all(this.#checks)
    this.#checks = []
    const found = [...this.#faults].slice(0, MOST_FAULTS)
    this.#faults.clear()
    return found
  }

  #check(look: (checker: ContractChecker) => string[]): void {
    // Most tests ask no service, and need not load its description.
    this.#checker ??= import('./contract-checker.ts').then(({ ContractChecker }) => new ContractChecker())
    this.#checks.push(
      this.#checker.then((checker) => {
        for (const fault of look(checker)) this.#faults.add(fault)
      }),
    )
  }
}

const KEPT = Symbol.for('flashline: the answers of this test')
const kept = Reflect.get(globalThis, KEPT) as AnswerLog | undefined

/** One for the modules of a test and for those that prepare it. */
export const answerLog = kept ?? new AnswerLog()
Reflect.set(globalThis, KEPT, answerLog)
