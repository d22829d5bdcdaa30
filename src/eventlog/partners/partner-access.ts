import { z } from 'zod'
import type { filterSchema } from '../../protocol/filter.ts'
import { urgencies } from '../../protocol/lists/urgencies.ts'
import type { Store } from '../store/store.ts'
import { answered } from '../store/scripts.ts'

const storedFilterSchema = z.object({
  section: z.array(z.string()).min(1).optional(),
  region: z.array(z.string()).min(1).optional(),
  urgency: z.enum(urgencies).optional(),
} satisfies Record<keyof typeof filterSchema.shape, z.ZodType>)

/** The part of a partner that gateways decide by. Times are RFC 3339. */
export const partnerAccessSchema = z.object({
  id: z.string(),
  /** Ids of feeds, or `*` for every feed. */
  feeds: z.array(z.string()),
  filter: storedFilterSchema,
  origins: z.array(z.string()),
  limits: z.object({ requestsPerMinute: z.number().positive(), connections: z.number().positive() }),
  expiresAt: z.string().optional(),
  /** An output on air, whose host has no origin that could be named. */
  onAir: z.literal(true).optional(),
  /** Keys that are valid, each until `until`. */
  keys: z.array(z.object({ id: z.string(), hash: z.string(), until: z.string().optional() })),
})
export type PartnerAccess = z.output<typeof partnerAccessSchema>

/** A public key of tokens (RFC 8037), with its id. */
export const tokenPublicKeySchema = z.object({
  kid: z.string(),
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
})
export type TokenPublicKey = z.output<typeof tokenPublicKeySchema>

export interface StoredAccess {
  readonly version: string | undefined
  readonly partners: readonly PartnerAccess[]
  readonly tokenKeys: readonly TokenPublicKey[]
}

/** Fields of the hash `partnerAccess`. */
export const accessFields = {
  version: 'version',
  partner: (id: string) => `partner:${id}`,
  tokenKey: (kid: string) => `token-key:${kid}`,
}

/** A partner whose record is damaged is left out: its readers are refused. Errors: UnavailableError. */
export async function readPartnerAccess({ redis, keys, faults }: Store): Promise<StoredAccess> {
  const key = keys.desk.partnerAccess
  const fields = await answered(redis.hgetall(key))
  const parsed = <T>(prefix: string, schema: z.ZodType<T>): T[] =>
    Object.entries(fields)
      .filter(([field]) => field.startsWith(prefix))
      .flatMap(([field, json]) => faults.read(`${key} ${field}`, () => schema.parse(JSON.parse(json))) ?? [])
  return {
    version: fields[accessFields.version],
    partners: parsed(accessFields.partner(''), partnerAccessSchema),
    tokenKeys: parsed(accessFields.tokenKey(''), tokenPublicKeySchema),
  }
}

/** Another one after each change. Errors: UnavailableError. */
export async function readAccessVersion({ redis, keys }: Store): Promise<string | undefined> {
  const [version] = await answered(redis.hmget(keys.desk.partnerAccess, accessFields.version))
  return version ?? undefined
}
