import type { Changes } from '../protocol/desk-requests.ts'
import type { Content } from '../protocol/headline.ts'

/**
 * The next version's content: what the correction leaves out stays, what it sets to `null` goes. The note speaks
 * of one version only, so the previous one is not inherited.
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
