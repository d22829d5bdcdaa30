/** `later`: it was not kept, and may be kept in a while. `never`: the service does not take it. */
export type KeepOutcome = 'kept' | 'later' | 'never'

export interface ScratchServer {
  readonly keep: (draft: string) => Promise<KeepOutcome>
  readonly drop: () => Promise<KeepOutcome>
}

const SAVE_EVERY_MS = 2_000
const RETRY_MS = 10_000

/** Brings unsent words to the server: at most one save in two seconds, in order, and the newest words at the end. */
export class ScratchKeeper {
  readonly #server: ScratchServer
  /** undefined: no words. */
  #kept: string | undefined
  #wanted: string | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isBusy = false
  #isClosed = false
  #notBefore = 0

  /** `kept`: the words that the server has already. */
  constructor(server: ScratchServer, kept: string | undefined) {
    this.#server = server
    this.#kept = this.#wanted = kept
  }

  want(draft: string | undefined): void {
    this.#wanted = draft
    // Words that were sent must not be offered elsewhere.
    if (draft === undefined) this.#notBefore = 0
    this.#plan()
  }

  /** Saves what is not saved yet, once and without a wait. */
  close(): void {
    this.#isClosed = true
    this.#notBefore = 0
    this.#plan()
  }

  #plan(): void {
    clearTimeout(this.#timer)
    if (this.#isBusy || this.#wanted === this.#kept) return
    const wait = this.#notBefore - Date.now()
    if (wait > 0) this.#timer = setTimeout(() => void this.#run(), wait)
    else void this.#run()
  }

  async #run(): Promise<void> {
    this.#isBusy = true
    const draft = this.#wanted
    const outcome = await (draft === undefined ? this.#server.drop() : this.#server.keep(draft))
    this.#isBusy = false
    if (outcome !== 'later') this.#kept = draft
    if (this.#isClosed && outcome === 'later') return
    this.#notBefore = this.#isClosed ? 0 : Date.now() + (outcome === 'later' ? RETRY_MS : SAVE_EVERY_MS)
    this.#plan()
  }
}
