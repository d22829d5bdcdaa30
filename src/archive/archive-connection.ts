import { listFeedIds } from '../eventlog/feeds/feeds.ts'
import { readArchives } from '../eventlog/ended/claim-archive.ts'
import type { Store } from '../eventlog/store/store.ts'
import { messageOf } from '../platform/errors.ts'
import { ArchiveError, type Archive, type ArchiveFault } from './archive.ts'

/** `other`: Redis says that another archive has its headlines. `off`: none is wanted. */
export type ArchiveState = 'ready' | 'opening' | 'off' | 'other' | ArchiveFault

/** How an operator mends each state; the texts name the setting. */
const remedies: Readonly<Record<Exclude<ArchiveState, 'ready' | 'opening' | 'off'>, string>> = {
  away: 'The archive does not answer. Start its database, or correct ARCHIVE_URL.',
  full: 'The disk of the archive is full. Free space; moving goes on by itself.',
  'read-only':
    'The archive cannot be written. Give the process write rights to the file or database in ARCHIVE_URL.',
  newer:
    'A newer version of Flashline has written this archive. Start that version, or set ARCHIVE_URL to another one.',
  damaged: 'The archive is damaged. Restore its newest backup.',
  other:
    'ARCHIVE_URL names another archive than the one with the moved headlines. Without a shared folder, roles on several machines need ARCHIVE_URL=postgres://… If the earlier archive is lost: npm run archive:adopt -- --lost.',
}

interface Options {
  /** Opens the archive; undefined: none is wanted. */
  readonly open: (() => Promise<Archive>) | undefined
  readonly onChange: (state: ArchiveState, message: string) => void
}

/** The archive of one process, which may be away for a time: everything in Redis goes on meanwhile. */
export class ArchiveConnection {
  readonly #options: Options
  #archive: Archive | undefined
  #state: ArchiveState
  #message = ''
  #opening: Promise<void> | undefined

  constructor(options: Options) {
    this.#options = options
    this.#state = options.open ? 'opening' : 'off'
  }

  get state(): ArchiveState {
    return this.#state
  }

  /** The state with its remedy, for an operator; undefined where all is well. */
  get fault(): { readonly state: ArchiveState; readonly remedy: string } | undefined {
    const state = this.#state
    if (state === 'ready' || state === 'opening' || state === 'off') return undefined
    return { state, remedy: remedies[state] }
  }

  /** Opens the archive where it is not open, and checks that it is the one that Redis knows. Never fails. */
  async look(store: Store): Promise<void> {
    if (!this.#options.open) return
    this.#opening ??= this.#openOrCheck(this.#options.open, store).finally(() => {
      this.#opening = undefined
    })
    await this.#opening
  }

  /** The archive for a reader; undefined: none is wanted. Errors: ArchiveError while it cannot be used. */
  reading(): Archive | undefined {
    return this.#options.open ? this.#opened() : undefined
  }

  /** Does work whose faults show the state of the archive. Errors: ArchiveError. */
  async use<T>(work: (archive: Archive) => Promise<T>): Promise<T> {
    const archive = this.#opened()
    try {
      return await work(archive)
    } catch (error) {
      if (error instanceof ArchiveError) this.#change(error.fault, error.message)
      throw error
    }
  }

  /** A write has succeeded, so a disk that was full is not full any more. */
  wrote(): void {
    if (this.#state !== 'other') this.#change('ready', '')
  }

  async close(): Promise<void> {
    await this.#opening
    await this.#archive?.close()
    this.#archive = undefined
  }

  async #openOrCheck(open: () => Promise<Archive>, store: Store): Promise<void> {
    try {
      this.#archive ??= await open()
      const { identity } = this.#archive
      const identities = await readArchives(store, await listFeedIds(store))
      const isOther = identities.some((bound) => bound !== undefined && bound !== identity)
      if (isOther) {
        this.#change('other', 'another archive has the moved headlines')
        return
      }
      // A reading shows whether it answers; only a write shows whether it can be written.
      await this.#archive.readAuditHead('desk')
      if (this.#state !== 'full' && this.#state !== 'read-only') this.#change('ready', '')
    } catch (error) {
      if (error instanceof ArchiveError) this.#change(error.fault, messageOf(error))
    }
  }

  #opened(): Archive {
    const state = this.#state
    if (this.#archive && state !== 'other') return this.#archive
    const isFault = state !== 'ready' && state !== 'opening' && state !== 'off' && state !== 'other'
    throw new ArchiveError(isFault ? state : 'away', this.#message || 'the archive is not open yet')
  }

  #change(state: ArchiveState, message: string): void {
    if (this.#state === state) return
    this.#state = state
    this.#message = message
    this.#options.onChange(state, message)
  }
}
