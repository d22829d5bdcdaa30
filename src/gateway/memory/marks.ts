import { isSigned, markOf } from '../../eventlog/store/mark.ts'
import type { MarkKey } from '../../eventlog/read-log.ts'
import type { Position } from '../../protocol/position.ts'

/** `auto`: from the time that the feed's head names, so that no gateway of an earlier version meets a mark. */
export type EmitMarks = 'auto' | 'on' | 'off'

/** Makes and checks the marks of a feed's positions. Marks of readers are checked whether or not marks are sent. */
export class Marks {
  readonly #emit: EmitMarks
  readonly #now: () => number
  #key: MarkKey | undefined

  /** `now`: Redis's clock. */
  constructor(emit: EmitMarks, now: () => number) {
    this.#emit = emit
    this.#now = now
  }

  useKey(key: MarkKey | undefined): void {
    this.#key = key
  }

  /** undefined while the gateway sends no marks. */
  of(position: Position, chain: string): string | undefined {
    const key = this.#key
    if (!key || this.#emit === 'off') return undefined
    if (this.#emit === 'auto' && this.#now() < key.fromMs) return undefined
    return markOf(key.secret, position, chain)
  }

  /** Whether Flashline has given out this mark. Without the feed's secret no mark counts. */
  isSigned(position: Position, mark: string): boolean {
    return this.#key !== undefined && isSigned(this.#key.secret, position, mark)
  }
}
