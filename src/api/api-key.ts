import { createHash, timingSafeEqual } from 'node:crypto'
import { listApiKeys, readApiKey, writeApiKey, type ApiKeyRecord, type Role } from '../eventlog/api-keys.ts'
import type { EventLog } from '../eventlog/log.ts'
import type { Clock } from '../platform/clock.ts'
import type { Ids } from './ids.ts'

/** `fl_<id>_<secret>`, as the client sends it. */
const ISSUED = /^fl_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/
const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i
const BOOTSTRAP_ID = 'bootstrap'
const NO_HASH = '0'.repeat(64)

/** Makes a key; `key` is known only here and now. */
export async function issueKey(
  deps: { log: EventLog; ids: Ids; clock: Clock },
  { name, role }: { name: string; role: Role },
): Promise<{ key: string; record: ApiKeyRecord }> {
  const id = deps.ids.keyId()
  const key = `fl_${id}_${deps.ids.secret()}`
  const record = recordOf({ id, name, role, key, now: deps.clock() })
  await writeApiKey(deps.log, record)
  return { key, record }
}

/**
 * Makes the first admin key of a new installation; `key` is what the client will send, 32 to 512 printable
 * characters. `unused`: other keys exist, and this one is not among them.
 */
export async function bootstrapKey(
  deps: { log: EventLog; clock: Clock },
  key: string,
): Promise<'written' | 'standing' | 'unused'> {
  const known = await listApiKeys(deps.log)
  if (known.length > 0)
    return known.some(({ secretHash }) => secretHash === hash(key)) ? 'standing' : 'unused'
  await writeApiKey(
    deps.log,
    recordOf({ id: keyIdOf(key), name: 'bootstrap', role: 'admin', key, now: deps.clock() }),
  )
  return 'written'
}

/** Whose key an Authorization header carries. An unknown id takes as long as a wrong secret. */
export async function authenticate(
  log: EventLog,
  authorization: string | undefined,
): Promise<ApiKeyRecord | undefined> {
  const key = BEARER.exec(authorization ?? '')?.[1]
  if (key === undefined) return undefined
  const record = await readApiKey(log, keyIdOf(key))
  const matches = timingSafeEqual(Buffer.from(hash(key)), Buffer.from(record?.secretHash ?? NO_HASH))
  return matches ? record : undefined
}

function keyIdOf(key: string): string {
  return ISSUED.exec(key)?.[1] ?? BOOTSTRAP_ID
}

// A plain hash is enough: what it hides has 256 random bits.
function hash(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function recordOf(from: { id: string; name: string; role: Role; key: string; now: number }): ApiKeyRecord {
  const { id, name, role, key, now } = from
  return { id, name, role, secretHash: hash(key), createdAt: new Date(now).toISOString() }
}
