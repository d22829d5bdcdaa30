import type { Changes } from '../protocol/desk-requests.ts'
import type { DeskState } from '../protocol/desk-state.ts'
import type { Content } from '../protocol/headline.ts'
import type { Policy } from '../protocol/policy.ts'
import { defaultExpiry, timeFault, type TimeFault } from './times.ts'

interface ContentWithDesk {
  readonly content: Content
  readonly desk: DeskState
}

/** Gives a headline that is released at `release` its expiry: the one that an editor has set, or else the policy's. */
export function withExpiry(
  { content, desk }: ContentWithDesk,
  release: number,
  policy: Policy,
): ContentWithDesk {
  if (content.expiresAt !== undefined && !desk.expiresByDefault) return { content, desk }
  const expiresAt = defaultExpiry(release, policy.expiry[content.urgency].defaultMs)
  return { content: { ...content, expiresAt }, desk: { ...desk, expiresByDefault: true } }
}

/** An expiry that a person has set no longer moves with the release time. */
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
