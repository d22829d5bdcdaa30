import { statusesIn, type Status } from '../../protocol/lists/statuses.ts'
import type { Action } from '../../protocol/lists/actions.ts'
import type { SavedVersion, StoredState } from '../read-headline.ts'

const removals: readonly Action[] = ['withdraw', 'expire']

/** The statuses after which only a new act of a person gives a headline another one. */
export const endedStatuses: readonly Status[] = [...statusesIn('ended'), 'discarded', 'rejected']

/** The records of one headline as Redis has them: enough to put it back unchanged. */
export interface StoredRecords {
  /** Its member of the states (JSON). */
  readonly state: string
  /** Its fields of the versions, without the id: `1`, `1:content`, `1:position`, `1:due`, `words`. */
  readonly versions: Readonly<Record<string, string>>
  /** Time of its last publish event in ms, from the index of released headlines. */
  readonly released?: number
  /** Position to gateway to the newest report (JSON). */
  readonly receipts: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** A headline whose life has ended. Times are in ms since 1970. */
export interface EndedLine {
  readonly id: string
  readonly createdAt: number
  /** Time of the newest act, or of the return from the archive. */
  readonly endedAt: number
  readonly status: Status
  readonly version: number
  readonly story?: string
  readonly section?: string
  /** Persons who wrote one of its versions. */
  readonly authors: readonly string[]
  /** Index terms of the current text. */
  readonly words: readonly string[]
  readonly stored: StoredRecords
}

/** undefined: the headline has not ended, a person has to look at it, or readers do not know of its end yet. */
export function endedLineOf(id: string, stored: StoredRecords): EndedLine | undefined {
  const state = JSON.parse(stored.state) as StoredState
  const { version, status, createdAt, publishedAt, returned = 0, contentVersion, pending, attention } = state
  if (!endedStatuses.includes(status) || pending !== undefined || attention) return undefined
  const versions = savedVersions(stored, version)
  if (waitsForRelease(versions, state)) return undefined
  const contents = versions.map((saved) => parsed(stored.versions[`${saved.version}:content`]))
  const content = contents[(contentVersion ?? 0) - 1] ?? {}
  const written = versions.filter((_, index) => contents[index]?.text !== undefined)
  return {
    id,
    createdAt: createdAt ?? publishedAt ?? 0,
    endedAt: Math.max(returned, ...versions.map(({ savedAt }) => Date.parse(savedAt))),
    status,
    version,
    ...(typeof content.story === 'string' && { story: content.story }),
    ...(typeof content.section === 'string' && { section: content.section }),
    authors: [...new Set(written.map(({ act }) => act.person))],
    words: (stored.versions.words ?? '').split(' ').filter(Boolean),
    stored,
  }
}

type StoredVersion = SavedVersion & { readonly isReleased: boolean }

function savedVersions(stored: StoredRecords, version: number): StoredVersion[] {
  return Array.from({ length: version }, (_, index) => {
    const saved = parsed(stored.versions[`${index + 1}`]) as unknown as SavedVersion
    return {
      ...saved,
      version: index + 1,
      isReleased: stored.versions[`${index + 1}:position`] !== undefined,
    }
  })
}

/** Whether the removal of a released headline has no position yet. */
function waitsForRelease(versions: readonly StoredVersion[], { place }: StoredState): boolean {
  const removal = versions.findLast(({ action }) => removals.includes(action))
  return place !== undefined && removal !== undefined && !removal.isReleased
}

function parsed(json: string | undefined): Record<string, unknown> {
  return JSON.parse(json ?? '{}') as Record<string, unknown>
}
