import { listFeedIds } from '../eventlog/feeds/feeds.ts'
import { readArchives } from '../eventlog/ended/claim-archive.ts'
import type { Store } from '../eventlog/store/store.ts'
import { messageOf } from '../platform/errors.ts'
import { ArchiveError, type Archive, type ArchiveFault } from './archive.ts'

/** `other`: Redis says that an archive has its headlines, and it is not this one. `off`: there is none. */
export type ArchiveState = 'ready' | 'opening' | 'off' | 'other' | ArchiveFault

/** How an operator mends each state; the texts name the setting. */
const remedies: Readonly<Record<Exclude<ArchiveState, 'ready' | 'opening' | 'off'>, string>> = {
  away: 'The archive does not answer. Start its database, or correct ARCHIVE_URL. If its file was moved or replaced: stop Flashline, put the file back, and start again.',
  full: 'The disk of the archive is full. Free space; moving goes on by itself.',
  'read-only':
    'The archive cannot be written. Give the process write rights to the file or database in ARCHIVE_URL.',
  newer:
    'A newer version of Flashline has written this archive. Start that version, or set ARCHIVE_URL to another one.',
  damaged: 'The archive is damaged. Restore its newest backup.',
  other:
    'ARCHIVE_URL names no archive, or another one than that with the moved headlines. Without a shared folder, roles on several machines need ARCHIVE_URL=postgres://… If the earlier archive is lost: npm run archive:adopt -- --lost.',
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
  /** The fault that the last look has found. */
  #looked: Finding
  /** Faults of work, by its part, until the same part succeeds: a reading does not show that a disk is full. */
  readonly #faults = new Map<string, Finding>()
  #state: ArchiveState
  #opening: Promise<void> | undefined

  constructor(options: Options) {
    this.#options = options
    this.#state = options.open ? 'opening' : 'off'
    this.#looked = { state: this.#state, message: 'the archive is not open yet' }
  }

  get state(): ArchiveState {
    return this.#state
  }

  /** Whether work may begin: it is the right archive, and it answers. Some work may fail. */
  get isUsable(): boolean {
    return this.#looked.state === 'ready'
  }

  /** The state with its remedy, for an operator; undefined where all is well. */
  get fault(): { readonly state: ArchiveState; readonly remedy: string } | undefined {
    const state = this.#state
    if (state === 'ready' || state === 'opening' || state === 'off') return undefined
    return { state, remedy: remedies[state] }
  }

  /** Opens the archive where it is not open, and checks that it is the one that Redis knows. Never fails. */
  async look(store: Store): Promise<void> {
    this.#opening ??= this.#openOrCheck(this.#options.open, store).finally(() => {
      this.#opening = undefined
    })
    await this.#opening
  }

  /** The archive for a reader; undefined: there is none. Errors: ArchiveError while it cannot be used. */
  reading(): Archive | undefined {
    return this.#looked.state === 'off' ? undefined : this.#opened()
  }

  /** Does work on a part, a feed or `desk`, whose fault is shown until the part succeeds. Errors: ArchiveError. */
  async use<T>(part: string, work: (archive: Archive) => Promise<T>): Promise<T> {
    const archive = this.#opened()
    try {
      const result = await work(archive)
      this.leave(part)
      return result
    } catch (error) {
      if (error instanceof ArchiveError) {
        this.#faults.set(part, { state: error.fault, message: error.message })
        this.#show()
      }
      throw error
    }
  }

  /** Another process works on this part, and shows its faults. */
  leave(part: string): void {
    this.#faults.delete(part)
    this.#show()
  }

  async close(): Promise<void> {
    await this.#opening
    await this.#archive?.close()
    this.#archive = undefined
  }

  async #openOrCheck(open: (() => Promise<Archive>) | undefined, store: Store): Promise<void> {
    try {
      this.#archive ??= await open?.().catch((error: unknown) => {
        // A wrong address too: the message of its error does not have the password.
        throw error instanceof ArchiveError ? error : new ArchiveError('away', messageOf(error))
      })
      const identity = this.#archive?.identity
      const identities = await readArchives(store, await listFeedIds(store))
      const isOther = identities.some((bound) => bound !== undefined && bound !== identity)
      if (isOther) {
        this.#find('other', 'another archive has the moved headlines')
        return
      }
      await this.#archive?.check()
      this.#find(this.#archive ? 'ready' : 'off', '')
    } catch (error) {
      if (error instanceof ArchiveError) this.#find(error.fault, messageOf(error))
    }
  }

  #opened(): Archive {
    const { state, message } = this.#looked
    // No reader waits for a database that did not answer at the last look.
    if (this.#archive && state !== 'other' && state !== 'away') return this.#archive
    const isFault = state !== 'ready' && state !== 'opening' && state !== 'off' && state !== 'other'
    throw new ArchiveError(isFault ? state : 'away', message)
  }

  #find(state: ArchiveState, message: string): void {
    this.#looked = { state, message }
    this.#show()
  }

  #show(): void {
    const [fault] = this.#faults.values()
    const { state, message } = this.isUsable && fault ? fault : this.#looked
    if (this.#state === state) return
    this.#state = state
    this.#options.onChange(state, message)
  }
}

interface Finding {
  readonly state: ArchiveState
  readonly message: string
}
