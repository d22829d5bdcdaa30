import { readTime } from '../eventlog/store/read-time.ts'
import type { People } from '../people/people.ts'
import { actBy, type Actor } from '../people/principal.ts'
import { hashOf, isSecretOf } from '../people/secrets.ts'
import { PARTNER_KEY, partnersOf, type Partner, type PartnerKey } from './partner.ts'
import { changed } from './partners.ts'

/** One key in use, one that follows it, and some that are being tried. */
const MAX_KEYS = 10

export interface NewPartnerKey {
  readonly name?: string | undefined
  /** Ends the older keys after so many seconds. Left out: they stay valid. */
  readonly overlapS?: number | undefined
}

export interface IssuedPartnerKey {
  readonly partner: Partner
  readonly record: PartnerKey
  /** Returned only here and not stored. */
  readonly key: string
}

/**
 * Makes a key of a partner. Where the two-person rule is on in a feed of the partner, the key waits for a second admin,
 * and the older keys do not end.
 */
export async function issuePartnerKey(
  people: People,
  actor: Actor,
  id: string,
  { name, overlapS }: NewPartnerKey,
): Promise<IssuedPartnerKey | 'no-such-partner' | 'too-many-keys'> {
  const secret = people.ids.secret()
  const keyOf = ({ settings }: Partner) => `${settings.onAir ? 'fo' : 'fp'}_${id}_${secret}`
  const keyId = people.ids.id()
  const outcome = await changed<'too-many-keys'>(people, id, async (partner) => {
    const now = await readTime(people.store)
    const waits = await people.twoPersonRuleIn(partner.settings.feeds)
    const record: PartnerKey = {
      id: keyId,
      ...(name !== undefined && { name }),
      hash: hashOf(keyOf(partner)),
      createdAt: new Date(now).toISOString(),
      by: actor.person,
      ...(waits && { waitsFor: 'approval' as const }),
    }
    const older = partner.keys
      .filter(({ until }) => until === undefined || Date.parse(until) > now)
      .map((each) => (overlapS === undefined || waits ? each : endingAt(each, now + overlapS * 1_000)))
    if (older.length >= MAX_KEYS) return 'too-many-keys'
    const { hash: _, ...shown } = record
    const detail = { partner: id, key: shown, ...(overlapS !== undefined && { overlapS }) }
    const action = overlapS === undefined ? 'partner-key-issued' : 'partner-key-rotated'
    return { after: { ...partner, keys: [...older, record] }, audit: { action, act: actBy(actor), detail } }
  })
  if (typeof outcome === 'string') return outcome
  const record = outcome.keys.find((each) => each.id === keyId)
  if (!record) throw new Error('the new key is not in its partner')
  return { partner: outcome, record, key: keyOf(outcome) }
}

/** Removes a key, which is invalid from now on. */
export function revokePartnerKey(people: People, actor: Actor, id: string, keyId: string) {
  return changed<'no-such-key'>(people, id, (partner) => {
    const key = partner.keys.find((each) => each.id === keyId)
    if (!key) return 'no-such-key'
    const keys = partner.keys.filter((each) => each !== key)
    const detail = { partner: id, key: keyId, ...(key.name !== undefined && { name: key.name }) }
    return {
      after: { ...partner, keys },
      audit: { action: 'partner-key-revoked', act: actBy(actor), detail },
    }
  })
}

/** The partner of a valid key, with the id of the key; undefined for any other text. Errors: UnavailableError. */
export async function partnerOfKey(
  { store }: People,
  text: string,
): Promise<{ readonly partner: Partner; readonly keyId: string } | undefined> {
  const id = PARTNER_KEY.exec(text)?.[1]
  const partner = id === undefined ? undefined : (await partnersOf(store).read(id))?.record
  const key = partner?.keys.find(({ hash }) => isSecretOf(text, hash))
  if (!partner || !key || key.waitsFor !== undefined) return undefined
  const now = await readTime(store)
  const ends = [key.until, partner.settings.expiresAt].filter((end) => end !== undefined)
  return ends.some((end) => Date.parse(end) <= now) ? undefined : { partner, keyId: key.id }
}

function endingAt(key: PartnerKey, ms: number): PartnerKey {
  const end = Math.min(ms, key.until === undefined ? Infinity : Date.parse(key.until))
  return { ...key, until: new Date(end).toISOString() }
}
