import type { Urgency } from '../../../src/protocol/lists/urgencies.ts'
import { kept } from '../platform/kept.ts'

export type Then = 'release' | 'submit'

/** The words in the composer, with the key of the wish to send them. */
export interface Draft {
  readonly text: string
  readonly urgency: Urgency
  /** A note for the newsroom, in the audit. */
  readonly reason: string
  /**
   * One key per wish: a double click, a repetition and a reload send the same request, and the API posts one line. Other
   * words are another wish.
   */
  readonly key: string
  /** It was sent like this, and no answer is known. */
  readonly sent?: Then
}

export function emptyDraft(): Draft {
  return { text: '', urgency: 'urgent', reason: '', key: crypto.randomUUID() }
}

/** Changed words are a new wish. */
export function withWords(
  { text, urgency, reason }: Draft,
  words: Partial<Pick<Draft, 'text' | 'urgency' | 'reason'>>,
): Draft {
  return { text, urgency, reason, ...words, key: crypto.randomUUID() }
}

export function keptDraft(name: string): Draft {
  try {
    const read = JSON.parse(kept.get(name) ?? 'null') as Partial<Draft> | null
    return { ...emptyDraft(), ...read }
  } catch {
    return emptyDraft()
  }
}

export function keepDraft(name: string, draft: Draft): void {
  if (draft.text === '' && draft.reason === '') kept.remove(name)
  else kept.set(name, JSON.stringify(draft))
}

const graphemes = new Intl.Segmenter('und')

/** The length as the API counts it: without white space around the text. */
export function graphemesIn(text: string): number {
  return Array.from(graphemes.segment(text.trim())).length
}
