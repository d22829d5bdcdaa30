import { z } from 'zod'
import type { PartnerAccess } from '../eventlog/partners/partner-access.ts'
import type { Store } from '../eventlog/store/store.ts'
import { Records } from '../people/records.ts'
import { partnerRequestSchema, type PartnerSettings } from '../protocol/partner-requests.ts'
import { storedWebhookSchema } from './stored-webhook.ts'

/** `fp_<partner id>_<secret>`, as the client sends it; `fo_…` for an output on air. */
export const PARTNER_KEY = /^f[op]_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/

/** A key as it is stored, with a hash in place of its secret. */
const storedKeySchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  hash: z.string(),
  createdAt: z.string(),
  /** Id of the account that made the key, or `bootstrap`. */
  by: z.string(),
  /** The end of the overlap with a newer key. */
  until: z.string().optional(),
  /** Present until a second admin approves the key; until then it is not valid. */
  waitsFor: z.literal('approval').optional(),
})
export type PartnerKey = z.output<typeof storedKeySchema>

/** A partner as Redis stores it. */
const partnerSchema = z.object({
  id: z.string(),
  settings: partnerRequestSchema,
  createdAt: z.string(),
  version: z.int(),
  keys: z.array(storedKeySchema),
  /** Missing in a record of an earlier version. */
  webhooks: z.array(storedWebhookSchema).default([]),
  /** Settings that wait for a second admin, because they let the partner read more. */
  proposal: z.object({ settings: partnerRequestSchema, by: z.string() }).optional(),
})
export type Partner = z.output<typeof partnerSchema>

export function partnersOf(store: Store): Records<Partner> {
  return new Records(store, store.keys.desk.partners, partnerSchema)
}

/** The partner without the hashes of its keys, and without its webhooks. */
export function shownPartner({ settings, keys, webhooks: _, ...partner }: Partner) {
  const shown = keys.map(({ hash: _, ...key }) => key)
  return { ...partner, ...settings, keys: shown }
}

/** The part of a partner that gateways decide by: keys that wait for an approval are left out. */
export function accessOf({ id, settings, keys }: Partner): PartnerAccess {
  const { feeds, filter, origins, limits, expiresAt, onAir } = settings
  const valid = keys.filter(({ waitsFor }) => waitsFor === undefined)
  return {
    id,
    feeds,
    filter,
    origins,
    limits,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(onAir && { onAir }),
    keys: valid.map(({ id: keyId, hash, until }) => ({
      id: keyId,
      hash,
      ...(until !== undefined && { until }),
    })),
  }
}

/**
 * The persons whose settings, keys or webhooks wait for a second admin: none of them may approve. Empty: nothing waits.
 */
export function makersToApprove({ keys, webhooks, proposal }: Partner): string[] {
  const waiting = [...keys, ...webhooks].filter(({ waitsFor }) => waitsFor !== undefined)
  return [...waiting.map(({ by }) => by), ...(proposal ? [proposal.by] : [])]
}

/** Whether the partner could read more, from more sites or for longer than before. Its limits do not count. */
export function isWiderThan(after: PartnerSettings, before: PartnerSettings): boolean {
  const adds = <T>(now: readonly T[], then: readonly T[]) => now.some((each) => !then.includes(each))
  const addsFeeds = !before.feeds.includes('*') && adds(after.feeds, before.feeds)
  const opens = (now: readonly string[] | undefined, then: readonly string[] | undefined) =>
    then !== undefined && (now === undefined || adds(now, then))
  return (
    addsFeeds ||
    adds(after.origins, before.origins) ||
    // An output reads from hosts of any origin.
    (after.onAir === true && before.onAir === undefined) ||
    opens(after.filter.section, before.filter.section) ||
    opens(after.filter.region, before.filter.region) ||
    // A lower floor lets more pass; no floor lets all pass.
    (before.filter.urgency !== undefined && after.filter.urgency !== before.filter.urgency) ||
    endOf(after) > endOf(before)
  )
}

function endOf({ expiresAt }: PartnerSettings): number {
  return expiresAt === undefined ? Infinity : Date.parse(expiresAt)
}
