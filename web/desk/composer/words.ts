import type { Urgency } from '../../../src/protocol/lists/urgencies.ts'
import { instantOf, type LocalTime } from './zoned-time.ts'

/** The fields behind the text, in the order in which they show; lists are written with commas. */
export const moreFields = ['speaker', 'section', 'regions', 'tags', 'story', 'link', 'source'] as const
export type MoreField = (typeof moreFields)[number]

/** The words of a headline as an editor writes them. */
export interface Words extends Readonly<Record<MoreField, string>> {
  readonly text: string
  readonly urgency: Urgency
  /** Unset: the feed's own time, or that which the line has already. */
  readonly expiresAt?: LocalTime
}

/** The content of a headline as the API takes and gives it. */
export interface Content {
  readonly text: string
  readonly urgency: Urgency
  readonly speaker?: string
  readonly section?: string
  readonly regions?: readonly string[]
  readonly tags?: readonly string[]
  readonly story?: string
  readonly link?: string
  readonly source?: string
  readonly expiresAt?: string
}

export const noWords: Words = {
  text: '',
  urgency: 'urgent',
  speaker: '',
  section: '',
  regions: '',
  tags: '',
  story: '',
  link: '',
  source: '',
}

export function wordsOf({ text, urgency, regions = [], tags = [], ...content }: Content): Words {
  return {
    text,
    urgency,
    speaker: content.speaker ?? '',
    section: content.section ?? '',
    regions: regions.join(', '),
    tags: tags.join(', '),
    story: content.story ?? '',
    link: content.link ?? '',
    source: content.source ?? '',
  }
}

/** Without the fields that are empty. */
export function contentOf(words: Words): Content {
  const { text, urgency, expiresAt } = words
  const at = instantOf(expiresAt)
  const filled = moreFields
    .filter((field) => words[field].trim() !== '')
    .map((field) => [field, isList(field) ? listOf(words[field]) : words[field].trim()])
  return {
    text,
    urgency,
    ...(Object.fromEntries(filled) as Partial<Content>),
    ...(at !== undefined && { expiresAt: new Date(at).toISOString() }),
  }
}

/** The changes that make a headline say the new words; `null` removes a field. Empty: nothing has changed. */
export function changesOf(before: Content, words: Words): Partial<Record<keyof Content, unknown>> {
  const after = contentOf(words)
  const fields = ['text', 'urgency', ...moreFields] as const
  const changed = fields.filter((field) => !isSame(before[field], after[field]))
  return {
    ...Object.fromEntries(changed.map((field) => [field, after[field] ?? null])),
    ...(after.expiresAt !== undefined &&
      after.expiresAt !== before.expiresAt && { expiresAt: after.expiresAt }),
  }
}

type ListField = 'regions' | 'tags'

function isList(field: MoreField): field is ListField {
  return field === 'regions' || field === 'tags'
}

/** Separated by commas, an Arabic one too, or by spaces: a region or tag has none in it. */
function listOf(written: string): string[] {
  return [...new Set(written.split(/[\s,،;؛]+/u).filter(Boolean))]
}

function isSame(before: string | readonly string[] | undefined, after: typeof before): boolean {
  const plain = (value: typeof before) => (typeof value === 'string' ? value.trim() : (value ?? []).join())
  return plain(before ?? '') === plain(after ?? '')
}
