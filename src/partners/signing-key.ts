import { exportJWK, generateKeyPair } from 'jose'
import { z } from 'zod'
import { accessFields, tokenPublicKeySchema } from '../eventlog/partners/partner-access.ts'
import { readTime } from '../eventlog/store/read-time.ts'
import type { Store } from '../eventlog/store/store.ts'
import { change } from '../people/change.ts'
import type { People } from '../people/people.ts'
import { actBy, flashline } from '../people/principal.ts'
import { Records, type StoredRecord } from '../people/records.ts'
import { UnavailableError } from '../platform/errors.ts'
import { MAX_TOKEN_S } from '../protocol/partner-requests.ts'
import { accessWrites, changedBell } from './partner-change.ts'

/** Time for which one key signs. */
const SIGNS_MS = 24 * 3_600_000
/** Gateways have a new key so long before the first token that it has signed. */
const AHEAD_MS = 60_000
/** An older key is kept until its last token has ended, and some clocks more. */
const KEPT_MS = MAX_TOKEN_S * 1_000 + 300_000

const signingKeySchema = z.object({
  id: z.string(),
  publicKey: tokenPublicKeySchema,
  /** The private part of an Ed25519 key (RFC 8037). */
  d: z.string(),
  signsFrom: z.number(),
})
export type SigningKey = z.output<typeof signingKeySchema>

/** A first try without any key makes one, and the second finds it. */
const MAX_TRIES = 3

/**
 * The key that signs tokens now, and the time by Redis's clock. Makes the next key when the present one is old, and
 * removes keys whose tokens have all ended. Errors: UnavailableError.
 */
export async function signingKey(people: People): Promise<{ key: SigningKey; now: number }> {
  const records = tokenKeysOf(people.store)
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const now = await readTime(people.store)
    const stored = (await records.list()).sort((a, b) => a.record.signsFrom - b.record.signsFrom)
    const key = stored.findLast(({ record }) => record.signsFrom <= now)?.record
    const newest = stored.at(-1)?.record
    const isDue = !newest || now - newest.signsFrom >= SIGNS_MS
    if (isDue || !key) await makeNext(people, stored, key ? now + AHEAD_MS : now)
    if (key) return { key, now }
  }
  throw new UnavailableError('no key that signs tokens could be made')
}

function tokenKeysOf(store: Store): Records<SigningKey> {
  return new Records(store, store.keys.desk.tokenKeys, signingKeySchema)
}

/** Writes one more key, unless another process has written one since `stored` was read. */
async function makeNext(
  people: People,
  stored: readonly StoredRecord<SigningKey>[],
  signsFrom: number,
): Promise<void> {
  const records = tokenKeysOf(people.store)
  const record = await newKey(people.ids.id(), signsFrom)
  const ended = stored.filter((_, index) => {
    const next = stored[index + 1]?.record.signsFrom ?? Infinity
    return next + KEPT_MS < signsFrom
  })
  await change(people.store, async () => {
    const present = await records.list()
    if (present.some(({ raw }) => stored.every((each) => each.raw !== raw))) return 'made-by-another'
    const removed = ended.map((each) => [accessFields.tokenKey(each.record.id), null] as const)
    const added = [accessFields.tokenKey(record.id), JSON.stringify(record.publicKey)] as const
    return {
      writes: [
        records.add(record),
        ...ended.map((each) => records.remove(each)),
        ...(await accessWrites(people, Object.fromEntries([...removed, added]))),
      ],
      audit: { action: 'token-key-made', act: actBy(flashline), detail: { key: record.id } },
      result: undefined,
      doorbell: changedBell(people.store),
    }
  })
}

async function newKey(id: string, signsFrom: number): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const { x = '', d = '' } = await exportJWK(privateKey)
  return { id, publicKey: { kid: id, kty: 'OKP', crv: 'Ed25519', x }, d, signsFrom }
}
