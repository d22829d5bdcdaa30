import { kept } from '../platform/kept.ts'
import { draftFrom, type Draft } from './draft.ts'

/** The drafts of this page by their names. Each is kept in this browser at every keystroke. */
class Drafts {
  readonly #open = new Map<string, Draft>()
  readonly #listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The draft that is kept under the name, or else the one that `start` makes. */
  open(name: string, start: () => Draft): void {
    const keptDraft = readKept(name)
    // A draft without kept words may be older than the line as it is now.
    if (!this.#open.has(name) || !keptDraft) this.#open.set(name, keptDraft ?? start())
  }

  get(name: string): Draft {
    const draft = this.#open.get(name)
    if (!draft) throw new Error(`no draft ${name}`)
    return draft
  }

  put(name: string, draft: Draft, isUntouched: boolean): void {
    this.#open.set(name, draft)
    if (isUntouched) kept.remove(name)
    else kept.set(name, JSON.stringify(draft))
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
