import { policySchema, storedPolicySchema, type StoredPolicy } from '../../protocol/policy.ts'
import type { Act } from '../store/act.ts'
import { compareAndWrite } from '../store/compare-and-write.ts'
import type { Store } from '../store/store.ts'
import { answered } from '../store/scripts.ts'

/** What the audit calls it. */
export type PolicyAction = 'policy' | 'policy-proposed' | 'policy-approved'

/** The usual policy has the version 0. */
const USUAL: StoredPolicy = { version: 0, policy: policySchema.parse({}) }
export const USUAL_DRIFT_MS = USUAL.policy.maxDriftMs

/** Errors: UnavailableError. */
export async function readPolicy(store: Store, feed: string): Promise<StoredPolicy> {
  const raw = await readCurrent(store, feed)
  return raw === null ? USUAL : parsePolicy(raw)
}

/** `changed`: the policy has another version than the one that was seen. Errors: UnavailableError. */
export async function writePolicy(
  store: Store,
  feed: string,
  seenVersion: number,
  wanted: Omit<StoredPolicy, 'version'>,
  { action, act }: { readonly action: PolicyAction; readonly act: Act },
): Promise<StoredPolicy | 'changed'> {
  const seen = await readCurrent(store, feed)
  const before = seen === null ? USUAL : parsePolicy(seen)
  if (before.version !== seenVersion) return 'changed'
  const next: StoredPolicy = { version: seenVersion + 1, ...wanted }
  const write = { key: store.keys.feed(feed).policy, field: 'current', seen, value: JSON.stringify(next) }
  const audited = { action, act, detail: { before, after: next } }
  const outcome = await compareAndWrite(store, feed, [write], audited)
  return outcome === 'written' ? next : outcome
}

function readCurrent(store: Store, feed: string): Promise<string | null> {
  return answered(store.redis.hget(store.keys.feed(feed).policy, 'current'))
}

function parsePolicy(raw: string): StoredPolicy {
  return storedPolicySchema.parse(JSON.parse(raw))
}
