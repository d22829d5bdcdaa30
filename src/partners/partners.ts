import { readTime } from '../eventlog/store/read-time.ts'
import { forgetWebhook } from '../eventlog/webhooks/webhook-state.ts'
import { change } from '../people/change.ts'
import type { People } from '../people/people.ts'
import { actBy, type Actor } from '../people/principal.ts'
import type { PartnerSettings } from '../protocol/partner-requests.ts'
import { partnerChange } from './partner-change.ts'
import { isWiderThan, makersToApprove, partnersOf, shownPartner, type Partner } from './partner.ts'

export type PartnerRefusal = 'no-such-partner' | 'stale-version'

/** All partners, oldest first. Errors: UnavailableError. */
export async function listPartners({ store }: People): Promise<Partner[]> {
  const partners = (await partnersOf(store).list()).map(({ record }) => record)
  return partners.sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

export async function readPartner({ store }: People, id: string): Promise<Partner | undefined> {
  return (await partnersOf(store).read(id))?.record
}

/** A new partner can read nothing: it has no key yet. */
export async function createPartner(people: People, actor: Actor, settings: PartnerSettings) {
  const createdAt = new Date(await readTime(people.store)).toISOString()
  const partner: Partner = { id: people.ids.id(), settings, createdAt, version: 1, keys: [], webhooks: [] }
  const audit = { action: 'partner-made', act: actBy(actor), detail: shownPartner(partner) }
  await change(people.store, () => partnerChange(people, undefined, partner, audit))
  return partner
}

/**
 * Sets the settings of the version that the caller has seen. Where the two-person rule is on in a feed of the partner,
 * settings by which the partner can read more wait for a second admin: the result has a `proposal`.
 */
export function changePartner(
  people: People,
  actor: Actor,
  id: string,
  seenVersion: number,
  settings: PartnerSettings,
): Promise<Partner | PartnerRefusal> {
  return changed<PartnerRefusal>(people, id, async (before) => {
    if (before.version !== seenVersion) return 'stale-version'
    const { proposal: _, ...partner } = before
    const waits =
      isWiderThan(settings, before.settings) && (await people.twoPersonRuleIn([...new Set(settings.feeds)]))
    const after = waits ? { ...partner, proposal: { settings, by: actor.person } } : { ...partner, settings }
    const action = waits ? 'partner-change-proposed' : 'partner-changed'
    const detail = { partner: id, before: before.settings, after: settings }
    return { after, audit: { action, act: actBy(actor), detail } }
  })
}

/** Approves the proposed settings and the keys that wait. None of those who made them may approve them. */
export function approvePartner(
  people: People,
  actor: Actor,
  id: string,
  seenVersion: number,
): Promise<Partner | PartnerRefusal | 'nothing-to-approve' | 'self-approval'> {
  return changed<PartnerRefusal | 'nothing-to-approve' | 'self-approval'>(people, id, (before) => {
    if (before.version !== seenVersion) return 'stale-version'
    const makers = makersToApprove(before)
    if (makers.length === 0) return 'nothing-to-approve'
    if (makers.includes(actor.person)) return 'self-approval'
    const { proposal, ...partner } = before
    const keys = partner.keys.map(({ waitsFor: _, ...key }) => key)
    const webhooks = partner.webhooks.map(({ waitsFor: _, ...webhook }) => webhook)
    const settings = proposal?.settings ?? partner.settings
    const approved = partner.keys.filter(({ waitsFor }) => waitsFor !== undefined).map((key) => key.id)
    const hooks = partner.webhooks.filter(({ waitsFor }) => waitsFor !== undefined).map((hook) => hook.id)
    const detail = { partner: id, keys: approved, ...(hooks.length > 0 && { webhooks: hooks }), settings }
    const audit = { action: 'partner-approved', act: actBy(actor), detail }
    return { after: { ...partner, keys, webhooks, settings }, audit }
  })
}

/** Deletes a partner with its keys, which are invalid from now on. */
export async function deletePartner(
  people: People,
  actor: Actor,
  id: string,
): Promise<'deleted' | PartnerRefusal> {
  let webhooks: readonly string[] = []
  const outcome = await change<Partner | undefined, PartnerRefusal>(people.store, async () => {
    const stored = await partnersOf(people.store).read(id)
    if (!stored) return 'no-such-partner'
    webhooks = stored.record.webhooks.map((webhook) => webhook.id)
    const detail = { partner: id, name: stored.record.settings.name }
    return partnerChange(people, stored, undefined, { action: 'partner-deleted', act: actBy(actor), detail })
  })
  if (outcome !== undefined) return outcome as PartnerRefusal
  for (const webhook of webhooks) await forgetWebhook(people.store, webhook)
  return 'deleted'
}

/** Writes the partner that `next` makes of the stored one, with the next version. */
export function changed<Refusal extends string>(
  people: People,
  id: string,
  next: (before: Partner) => NextPartner | Refusal | Promise<NextPartner | Refusal>,
): Promise<Partner | Refusal | 'no-such-partner'> {
  return change<Partner | undefined, Refusal | 'no-such-partner'>(people.store, async () => {
    const stored = await partnersOf(people.store).read(id)
    if (!stored) return 'no-such-partner'
    const planned = await next(stored.record)
    if (typeof planned === 'string') return planned
    const after = { ...planned.after, version: stored.record.version + 1 }
    return partnerChange(people, stored, after, planned.audit)
  }) as Promise<Partner | Refusal | 'no-such-partner'>
}

interface NextPartner {
  readonly after: Partner
  readonly audit: Parameters<typeof partnerChange>[3]
}
