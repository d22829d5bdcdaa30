import { messageOf } from '../../platform/errors.ts'

/**
 * - `record`: a stored record cannot be read; `name` is its key, with the field where it is one of several.
 * - `channel`: Redis refuses to publish on the channel; whoever listens there looks again within a second.
 * - `right`: Redis refuses a command or a key that the role needs.
 */
export type FaultKind = 'record' | 'channel' | 'right'

export interface StoreFault {
  readonly kind: FaultKind
  readonly name: string
  readonly reason: string
}

/** Protects the memory of the process when very many records are damaged. */
const MAX_FAULTS = 1_000

/**
 * Faults of the stored data and of the Redis user that concern one record, one feed or one channel. The process goes on
 * without them, so each fault is reported once, and counted until it is mended.
 */
export class StoreFaults {
  readonly #found = new Map<string, StoreFault>()
  readonly #looks = new Map<string, () => Promise<unknown>>()
  readonly #onChange: (fault: StoreFault, change: 'found' | 'mended') => void

  constructor(onChange: (fault: StoreFault, change: 'found' | 'mended') => void = () => undefined) {
    this.#onChange = onChange
  }

  /** `look` reads the record again: nothing else may do so before it is needed. It must not fail. */
  found(kind: FaultKind, name: string, error: unknown, look?: () => Promise<unknown>): void {
    const key = `${kind} ${name}`
    if (this.#found.has(key) || this.#found.size >= MAX_FAULTS) return
    const fault = { kind, name, reason: messageOf(error) }
    this.#found.set(key, fault)
    if (look) this.#looks.set(key, look)
    this.#onChange(fault, 'found')
  }

  mended(kind: FaultKind, name: string): void {
    const key = `${kind} ${name}`
    const fault = this.#found.get(key)
    if (fault === undefined) return
    this.#found.delete(key)
    this.#looks.delete(key)
    this.#onChange(fault, 'mended')
  }

  /** Looks at damaged records again: they may be mended. */
  async lookAgain(): Promise<void> {
    await Promise.all(Array.from(this.#looks.values(), (look) => look()))
  }

  /** Reads a record; undefined when it is damaged. */
  read<T>(name: string, parse: () => T): T | undefined {
    try {
      const record = parse()
      this.mended('record', name)
      return record
    } catch (error) {
      this.found('record', name, error)
      return undefined
    }
  }

  has(kind: FaultKind, name: string): boolean {
    return this.#found.has(`${kind} ${name}`)
  }

  count(kind: FaultKind): number {
    let count = 0
    for (const fault of this.#found.values()) if (fault.kind === kind) count++
    return count
  }
}
