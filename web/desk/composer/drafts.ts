import { kept } from '../platform/kept.ts'
import { draftFrom, type Draft } from './draft.ts'

/** The drafts of this page by their names. Each is kept in this browser at every keystroke. */
class Drafts {
  readonly #open = new Map<string, Draft>()
  /** Names of the drafts that have words of their own. */
  readonly #unsent = new Set<string>()
  readonly #listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The draft that is kept under the name, or else the one that `start` makes. */
  open(name: string, start: () => Draft): void {
    const keptDraft = readKept(name)
    if (keptDraft) this.#unsent.add(name)
    else this.#unsent.delete(name)
    // A draft without kept words may be older than the line as it is now.
    if (!this.#open.has(name) || !keptDraft) this.#open.set(name, keptDraft ?? start())
  }

  get(name: string): Draft {
    const draft = this.#open.get(name)
    if (!draft) throw new Error(`no draft ${name}`)
    return draft
  }

  /** undefined: nothing is written in it that is not sent. */
  unsent(name: string): Draft | undefined {
    return this.#unsent.has(name) ? this.get(name) : undefined
  }

  put(name: string, draft: Draft, isUntouched: boolean): void {
    this.#open.set(name, draft)
    if (isUntouched) {
      this.#unsent.delete(name)
      kept.remove(name)
    } else {
      this.#unsent.add(name)
      kept.set(name, JSON.stringify(draft))
    }
    for (const listener of this.#listeners) listener()
  }
}

export const drafts = new Drafts()

function readKept(name: string): Draft | undefined {
  try {
    return draftFrom(JSON.parse(kept.get(name) ?? 'null'))
  } catch {
    return undefined
  }
}
