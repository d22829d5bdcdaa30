import type { IntlShape } from 'react-intl'
import type { Refusal } from '../platform/api-client.ts'
import { faultText } from '../platform/fault.tsx'
import type { MessageId } from '../platform/languages.ts'
import type { MoreField } from './words.ts'

export type FaultyField = MoreField | 'text' | 'note' | 'reason' | 'expiresAt' | 'releaseAt'

const fieldOfCode: Readonly<Record<string, FaultyField>> = {
  'text-too-long': 'text',
  'embargo-in-past': 'releaseAt',
  'release-too-far': 'releaseAt',
  'expires-before-release': 'expiresAt',
  'expires-too-late': 'expiresAt',
}

const ways: Partial<Record<FaultyField, MessageId>> = {
  section: 'fault.slug',
  story: 'fault.slug',
  regions: 'fault.slugs',
  tags: 'fault.slugs',
  link: 'fault.link',
}

/** Why the API has refused what stands in a field, in the editor's words; undefined for other refusals. */
export function fieldFault(
  intl: IntlShape,
  refusal: Refusal | undefined,
  field: FaultyField,
): string | undefined {
  if (!refusal) return undefined
  if (fieldOfCode[refusal.code] === field) return faultText(intl, refusal)
  const found = refusal.errors?.find((error) => error.field.split('/')[1] === field)
  if (!found) return undefined
  const { message, character, position = 0 } = found
  if (character !== undefined)
    return intl.formatMessage({ id: 'fault.character' }, { character, place: position + 1 })
  return intl.formatMessage({ id: ways[field] ?? 'fault.text' }, { message })
}

/** Whether a field of the composer shows the refusal. */
export function isAtField({ code, errors = [] }: Refusal): boolean {
  return code in fieldOfCode || errors.some(({ field }) => field !== '')
}
