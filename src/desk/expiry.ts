import type { Changes } from '../protocol/desk-requests.ts'
import type { DeskState } from '../protocol/desk-state.ts'
import type { Content } from '../protocol/headline.ts'
import type { Policy } from '../protocol/policy.ts'
import { defaultExpiry, timeFault, type TimeFault } from './times.ts'

interface Worded {
  readonly content: Content
  readonly desk: DeskState
}

/** What goes out at `release` has an end: its editor's, or else the policy's. */
export function withExpiry({ content, desk }: Worded, release: number, policy: Policy): Worded {
  if (content.expiresAt !== undefined && !desk.expiresByDefault) return { content, desk }
  const expiresAt = defaultExpiry(release, policy.expiry[content.urgency].defaultMs)
  return { content: { ...content, expiresAt }, desk: { ...desk, expiresByDefault: true } }
}

/** Once somebody has set the end of a line, it does not move with the release any more. */
export function touchedExpiry(desk: DeskState, { expiresAt }: Changes): DeskState {
  const { expiresByDefault: _, ...rest } = desk
  return expiresAt === undefined ? desk : rest
}

export function expiryFault(
  { expiresAt, urgency }: Content,
  times: { now: number; releaseAt?: number | undefined },
  policy: Policy,
): TimeFault | undefined {
  const { maxMs } = policy.expiry[urgency]
  return timeFault({
    ...times,
    maxShownMs: maxMs,
    expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
  })
}
