import type { Tombstone } from '../../protocol/headline.ts'
import type { HeldEntry } from './held-entry.ts'

type EndStatus = Tombstone['status']

interface OfHeadline {
  /** Oldest first. */
  readonly entries: HeldEntry[]
  /**
   * The redactions of every earlier entry, in their order: of those that take the headline out only the newest, and
   * `superseded` where a later event shows the headline again.
   */
  earlierAs: readonly EndStatus[]
}

/**
 * The words of a headline stand in no event before the one that shows them now, and in none while it does not show. A
 * replay thus never shows words that were corrected or taken back.
 */
export class Redactions {
  readonly #headlines = new Map<string, OfHeadline>()

  /** An entry after all others: it takes the words out of the earlier events of its headline. */
  append(held: HeldEntry): void {
    const { headlineId, redactsEarlierAs: status } = held
    const known = this.#headlines.get(headlineId)
    if (!known) {
      this.#headlines.set(headlineId, { entries: [held], earlierAs: status === undefined ? [] : [status] })
      return
    }
    if (status !== undefined) {
      for (const each of known.entries) each.redact(status)
      known.earlierAs =
        status === 'superseded' ? [...known.earlierAs.filter((one) => one !== status), status] : [status]
    }
    known.entries.push(held)
  }

  /** An entry before all others: later events of its headline have taken its words out. */
  prepend(held: HeldEntry): void {
    const { headlineId, redactsEarlierAs: status } = held
    const known = this.#headlines.get(headlineId)
    if (!known) {
      this.append(held)
      return
    }
    for (const each of known.earlierAs) held.redact(each)
    known.entries.unshift(held)
    if (status === undefined || known.earlierAs.includes(status)) return
    const isOut = known.earlierAs.some((one) => one !== 'superseded')
    if (known.earlierAs.length === 0 || (status !== 'superseded' && !isOut))
      known.earlierAs = [status, ...known.earlierAs]
  }

  /** The oldest entry of all is the oldest one of its headline. */
  forgetOldest({ headlineId }: HeldEntry): void {
    const known = this.#headlines.get(headlineId)
    known?.entries.shift()
    if (known?.entries.length === 0) this.#headlines.delete(headlineId)
  }

  clear(): void {
    this.#headlines.clear()
  }
}
