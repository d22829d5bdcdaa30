import type { Changes } from '../protocol/desk-requests.ts'
import type { Content } from '../protocol/headline.ts'

/**
 * The next version's content: fields that the correction leaves out are kept, fields that it sets to `null` are
 * removed. The note belongs to one version only, so the next version does not inherit it.
 */
export function correctedContent(previous: Content, correction: Changes): Content {
  const merged = { ...previous, note: undefined, ...correction }
  const kept = Object.entries(merged).filter(([, value]) => value !== null && value !== undefined)
  return {
    regions: [],
    tags: [],
    ...Object.fromEntries(kept),
    text: merged.text ?? previous.text,
    urgency: merged.urgency ?? previous.urgency,
  }
}
