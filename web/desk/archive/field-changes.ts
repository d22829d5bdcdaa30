/** The words of a version, and what classifies them. */
export interface LineContent {
  readonly text: string
  readonly note?: string
  readonly speaker?: string
  readonly urgency: string
  readonly section?: string
  readonly regions?: readonly string[]
  readonly tags?: readonly string[]
  readonly link?: string
  readonly source?: string
  readonly story?: string
  readonly lang?: string
  readonly expiresAt?: string
}

/** The fields beside the text, which has a comparison of its own. */
export const comparedFields = [
  'speaker',
  'urgency',
  'section',
  'regions',
  'tags',
  'link',
  'source',
  'story',
  'lang',
  'expiresAt',
] as const

export interface FieldChange {
  readonly field: (typeof comparedFields)[number]
  /** Empty: there was none. */
  readonly from: string
  readonly to: string
}

export function fieldChanges(before: Partial<LineContent>, after: Partial<LineContent>): FieldChange[] {
  return comparedFields
    .map((field) => ({ field, from: textOf(before[field]), to: textOf(after[field]) }))
    .filter(({ from, to }) => from !== to)
}

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.join(', ') ?? '')
}
