import type { Store } from '../../eventlog/store/store.ts'
import type { Archive } from '../archive.ts'

/** Where headlines, audit and log are read from. */
export interface Sources {
  readonly store: Store
  /** undefined: there is no archive, by its setting. Throws an ArchiveError while it cannot be opened. */
  readonly archive: () => Archive | undefined
}
