import { changesOf, noWords, type Content, type Words } from './words.ts'
import type { Wish } from './wish.ts'
import type { LocalTime } from './zoned-time.ts'

/** The unsent words in the composer, with the key of the wish to send them. */
export interface Draft {
  readonly words: Words
  /** The release waits until then: a schedule or an embargo. */
  readonly releaseAt?: LocalTime
  /** The source allows no release before `releaseAt`. Unset: as it was. */
  readonly embargo?: boolean
  /** Readers see it with a correction. */
  readonly note: string
  /** A correction holds the other lines of the story until they are checked. */
  readonly cascade: boolean
  /** A note for the newsroom, in the audit. */
  readonly reason: string
  /** The version of the line's words that the author has seen; a new line has none. */
  readonly seen?: number
  /**
   * One key per wish: a double click, a repetition and a reload send the same request, and the API posts one line. Other
   * words are another wish.
   */
  readonly key: string
  /** It was sent like this, and no answer is known. */
  readonly sent?: Wish
}

export function newDraft(start: Pick<Draft, 'words' | 'seen' | 'releaseAt'> = { words: noWords }): Draft {
  return { note: '', cascade: false, reason: '', ...start, key: crypto.randomUUID() }
}

/** Times are removed by `null`. */
export type Change = Partial<Omit<Words, 'expiresAt'>> & {
  readonly expiresAt?: LocalTime | null
  readonly releaseAt?: LocalTime | null
  readonly embargo?: boolean
  readonly note?: string
  readonly reason?: string
  readonly cascade?: boolean
  readonly seen?: number
}

/** Changed words are a new wish. */
export function changed(draft: Draft, change: Change): Draft {
  const { sent: _, releaseAt: time, embargo: isEmbargo, words: before, ...rest } = draft
  const {
    releaseAt = time,
    embargo = isEmbargo,
    expiresAt = before.expiresAt,
    note,
    reason,
    cascade,
    seen,
    ...words
  } = change
  const { expiresAt: _expiry, ...text } = { ...before, ...words }
  return {
    ...rest,
    words: { ...text, ...(expiresAt && { expiresAt }) },
    ...(releaseAt && { releaseAt }),
    ...(releaseAt && embargo !== undefined && { embargo }),
    note: note ?? rest.note,
    reason: reason ?? rest.reason,
    cascade: cascade ?? rest.cascade,
    ...(seen !== undefined && { seen }),
    key: crypto.randomUUID(),
  }
}

/** Whether nothing is written in it that its line does not say already. */
export function isUntouched({ words, note, reason, releaseAt, sent }: Draft, before: Content): boolean {
  if (sent || releaseAt || words.expiresAt || note !== '' || reason !== '') return false
  return Object.keys(changesOf(before, words)).length === 0
}

/** A draft as it was kept; undefined for anything else. */
export function draftFrom(read: unknown): Draft | undefined {
  if (typeof read !== 'object' || read === null || !('words' in read) || !('key' in read)) return undefined
  const { words, ...rest } = read as Partial<Draft>
  return { ...newDraft(), ...rest, words: { ...noWords, ...words } }
}

const graphemes = new Intl.Segmenter('und')

/** The length as the API counts it: without white space around the text. */
export function graphemesIn(text: string): number {
  return Array.from(graphemes.segment(text.trim())).length
}
