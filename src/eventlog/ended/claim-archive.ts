import { auditKeysOf } from '../audit/read-audit.ts'
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

/** The identity of the archive of each feed or scope; undefined: nothing was moved. Errors: UnavailableError. */
export async function readArchives(store: Store, scopes: readonly string[]): Promise<(string | undefined)[]> {
  return Promise.all(
    scopes.map(async (scope) => {
      const identity = await answered(store.redis.hget(auditKeysOf(store, scope).auditHead, 'archive'))
      return identity ?? undefined
    }),
  )
}

/** Binds a feed to another archive: the earlier one is lost. Errors: UnavailableError. */
export async function adoptArchive(store: Store, scope: string, identity: string): Promise<void> {
  await answered(store.redis.hset(auditKeysOf(store, scope).auditHead, 'archive', identity))
}
