import { policySchema, storedPolicySchema, type StoredPolicy } from '../../protocol/policy.ts'
import type { Act } from '../store/act.ts'
import { compareAndWrite, type Write } from '../store/compare-and-write.ts'
import { readStored } from '../store/read-stored.ts'
import type { Store } from '../store/store.ts'
import { answered } from '../store/scripts.ts'

/** Audit actions of policy changes. */
export type PolicyAction = 'policy' | 'policy-proposed' | 'policy-approved'

/** Applies to a feed whose newsroom has set no policy. Its version is 0. */
const DEFAULT_POLICY: StoredPolicy = { version: 0, policy: policySchema.parse({}) }
export const DEFAULT_DRIFT_MS = DEFAULT_POLICY.policy.maxDriftMs
export const DEFAULT_BREAKING_MS = DEFAULT_POLICY.policy.breakingMs

/** Errors: UnavailableError, DamagedError. */
export function readPolicy(store: Store, feed: string): Promise<StoredPolicy> {
  return readStored(store, store.keys.feed(feed).policy, async () => {
    const raw = await readCurrent(store, feed)
    return raw === null ? DEFAULT_POLICY : parsePolicy(raw)
  })
}

/**
 * `notes` are written in the same step. `changed`: the stored policy has another version than `expectedVersion`. Errors:
 * UnavailableError.
 */
export async function writePolicy(
  store: Store,
  feed: string,
  expectedVersion: number,
  wanted: Omit<StoredPolicy, 'version'>,
  { action, act }: { readonly action: PolicyAction; readonly act: Act },
  notes: readonly Write[] = [],
): Promise<StoredPolicy | 'changed'> {
  const expected = await readCurrent(store, feed)
  const before = expected === null ? DEFAULT_POLICY : parsePolicy(expected)
  if (before.version !== expectedVersion) return 'changed'
  const next: StoredPolicy = { version: expectedVersion + 1, ...wanted }
  const write = { key: store.keys.feed(feed).policy, field: 'current', expected, value: JSON.stringify(next) }
  const audited = { action, act, detail: { before, after: next } }
  const outcome = await compareAndWrite(store, feed, [write, ...notes], audited)
  return outcome === 'written' ? next : outcome
}

function readCurrent(store: Store, feed: string): Promise<string | null> {
  return answered(store.redis.hget(store.keys.feed(feed).policy, 'current'))
}

function parsePolicy(raw: string): StoredPolicy {
  return storedPolicySchema.parse(JSON.parse(raw))
}
