import { accessFields } from '../eventlog/partners/partner-access.ts'
import type { AuditedAct, Write } from '../eventlog/store/compare-and-write.ts'
import { answered } from '../eventlog/store/scripts.ts'
import type { Store } from '../eventlog/store/store.ts'
import { webhookFields } from '../eventlog/webhooks/webhook-access.ts'
import type { PlannedChange } from '../people/change.ts'
import type { People } from '../people/people.ts'
import type { StoredRecord } from '../people/records.ts'
import { accessOf, partnersOf, type Partner } from './partner.ts'
import { webhookAccessOf } from './webhook-access-of.ts'

/** A change of one partner, together with what the gateways read of it. Undefined: no partner, before or after. */
export async function partnerChange(
  people: People,
  before: StoredRecord<Partner> | undefined,
  after: Partner | undefined,
  audit: AuditedAct,
): Promise<PlannedChange<Partner | undefined>> {
  const { store } = people
  const partners = partnersOf(store)
  const id = (after ?? before?.record)?.id ?? ''
  const access = after ? JSON.stringify(accessOf(after)) : null
  const ofPartner = before
    ? after
      ? partners.replace(before, after)
      : partners.remove(before)
    : after && partners.add(after)
  return {
    writes: [
      ...(ofPartner ? [ofPartner] : []),
      ...(await accessWrites(people, { [accessFields.partner(id)]: access })),
      ...(await webhookWrites(people, before?.record, after)),
    ],
    audit,
    result: after,
    doorbell: changedBell(store),
  }
}

/** Writes what workers read of the webhooks; nothing for a partner that has none and had none. */
async function webhookWrites(
  people: People,
  before: Partner | undefined,
  after: Partner | undefined,
): Promise<Write[]> {
  const removed = (before?.webhooks ?? []).map(({ id }) => [webhookFields.webhook(id), null] as const)
  const present = after ? webhookAccessOf(after) : []
  const kept = present.map((access) => [webhookFields.webhook(access.id), JSON.stringify(access)] as const)
  const values = Object.fromEntries<string | null>([...removed, ...kept])
  return Object.keys(values).length === 0
    ? []
    : fieldWrites(people, people.store.keys.desk.webhookAccess, values)
}

/** Writes what gateways read; a field's value null removes it. Errors: UnavailableError. */
export function accessWrites(
  people: People,
  values: Readonly<Record<string, string | null>>,
): Promise<Write[]> {
  return fieldWrites(people, people.store.keys.desk.partnerAccess, values)
}

/** The two hashes name their version alike. */
async function fieldWrites(
  { store, ids }: People,
  key: string,
  values: Readonly<Record<string, string | null>>,
): Promise<Write[]> {
  const all = { ...values, [accessFields.version]: ids.id() }
  const fields = Object.keys(all)
  const before = await answered(store.redis.hmget(key, ...fields))
  return Object.entries(all).map(([field, value], index) => ({
    key,
    field,
    expected: before[index] ?? null,
    value,
  }))
}

export function changedBell({ keys }: Store) {
  return { channel: keys.partnersChanged, payload: 'look' }
}
