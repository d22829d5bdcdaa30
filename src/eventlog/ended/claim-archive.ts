import { DamagedError } from '../../platform/errors.ts'
import { auditKeysOf } from '../audit/read-audit.ts'
import { compareAndWrite } from '../store/compare-and-write.ts'
import { readStored } from '../store/read-stored.ts'
import { answered } from '../store/scripts.ts'
import type { Store } from '../store/store.ts'

/**
 * Binds a feed, or the scope `desk`, to the archive with this identity, unless it is bound already. Returns the identity
 * of the archive that holds what was moved. Errors: UnavailableError.
 */
export async function claimArchive(store: Store, scope: string, identity: string): Promise<string> {
  const { auditHead } = auditKeysOf(store, scope)
  await answered(store.redis.hsetnx(auditHead, 'archive', identity))
  return (await answered(store.redis.hget(auditHead, 'archive'))) ?? identity
}

/**
 * The identity of the archive of each feed or scope; undefined: nothing was moved, or the record is damaged, which harms
 * no other feed. Errors: UnavailableError.
 */
export async function readArchives(store: Store, scopes: readonly string[]): Promise<(string | undefined)[]> {
  return Promise.all(scopes.map((scope) => readArchive(store, scope)))
}

async function readArchive(store: Store, scope: string): Promise<string | undefined> {
  const { auditHead } = auditKeysOf(store, scope)
  try {
    const identity = await readStored(store, auditHead, () =>
      answered(store.redis.hget(auditHead, 'archive')),
    )
    return identity ?? undefined
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error
    return undefined
  }
}

/**
 * Binds a feed, or the scope `desk`, to another archive, because the earlier one is lost: audit entries that only that one
 * had are gone, and so are its headlines. `operator` is the name in the audit. Returns the number of the newest entry that
 * is gone; `same`: it is bound to this archive. Errors: UnavailableError; an error when the audit changes meanwhile.
 */
export async function adoptArchive(
  store: Store,
  scope: string,
  identity: string,
  operator: string,
): Promise<number | 'same'> {
  const { auditHead: key } = auditKeysOf(store, scope)
  const fields = ['archive', 'base', 'baseChain', 'gone', 'goneChain'] as const
  const [bound = null, base = null, chain = null, ...gone] = await answered(store.redis.hmget(key, ...fields))
  if (bound === null || bound === identity) return 'same'
  const act = { by: 'operator', person: 'operator', name: operator }
  const outcome = await compareAndWrite(
    store,
    scope,
    [
      { key, field: 'archive', expected: bound, value: identity },
      { key, field: 'gone', expected: gone[0] ?? null, value: base },
      { key, field: 'goneChain', expected: gone[1] ?? null, value: chain },
    ],
    { action: 'archive-adopted', act, detail: { before: bound, gone: Number(base ?? 0) } },
  )
  if (outcome === 'changed') throw new Error(`the audit of ${scope} changes just now: try again`)
  return Number(base ?? 0)
}
