import type { EventFrame } from '../../protocol/frames.ts'
import { foldTakenBack, type TakenBack, type TakenBackLines } from '../../protocol/taken-back.ts'

/** The headlines of one feed that were taken back, in step with the feed's log in memory. */
export class TakenBackLog {
  #lines: Map<string, TakenBack> | undefined
  #revision = 0
  /** Events since the log was loaded, until the index is read: they may be newer than the index. */
  #since: EventFrame[] = []

  /** Undefined until the index was read from Redis. */
  get lines(): TakenBackLines | undefined {
    return this.#lines
  }

  /** Increases each time that the index was read. */
  get revision(): number {
    return this.#revision
  }

  append(event: EventFrame): void {
    if (this.#lines) foldTakenBack(this.#lines, event)
    else this.#since.push(event)
  }

  /** The log was replaced: the index must be read again. */
  clear(): void {
    this.#lines = undefined
    this.#since = []
  }

  load(read: readonly TakenBack[]): void {
    const lines = new Map(read.map((line) => [line.id, line]))
    for (const event of this.#since) {
      const { id, version } = event.headline
      if ((lines.get(id)?.version ?? 0) < version) foldTakenBack(lines, event)
    }
    this.#lines = lines
    this.#since = []
    this.#revision++
  }
}
