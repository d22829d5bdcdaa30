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
  readonly #onChange: (fault: StoreFault, change: 'found' | 'mended') => void

  constructor(onChange: (fault: StoreFault, change: 'found' | 'mended') => void = () => undefined) {
    this.#onChange = onChange
  }

  found(kind: FaultKind, name: string, error: unknown): void {
    const key = `${kind} ${name}`
    if (this.#found.has(key) || this.#found.size >= MAX_FAULTS) return
    const fault = { kind, name, reason: messageOf(error) }
    this.#found.set(key, fault)
    this.#onChange(fault, 'found')
  }

  mended(kind: FaultKind, name: string): void {
    const key = `${kind} ${name}`
    const fault = this.#found.get(key)
    if (fault === undefined) return
    this.#found.delete(key)
    this.#onChange(fault, 'mended')
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

  count(kind: FaultKind): number {
    let count = 0
    for (const fault of this.#found.values()) if (fault.kind === kind) count++
    return count
  }
}
