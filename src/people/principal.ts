import type { Act } from '../eventlog/store/act.ts'
import type { Role } from '../protocol/roles.ts'

/** Whoever calls, as the newsroom's rules see them. */
export interface Principal {
  /** `user:<account>` for a session, `key:<id>` for an API key. */
  readonly credential: string
  /** Who answers for it: an account, or `bootstrap`. A key counts as its owner. */
  readonly person: string
  readonly name: string
  /** For a key the lesser of its own and its owner's. `*`: what belongs to no feed. */
  roleIn(feed: string): Role | undefined
  /** Signed in with a second factor; true for keys. */
  readonly secondFactor: boolean
  readonly keyId?: string
}

/** Who acts, from where. */
export type Actor = Pick<Principal, 'credential' | 'person' | 'name'> & { readonly ip?: string }

/** The service itself. */
export const flashline: Actor = { credential: 'flashline', person: 'flashline', name: 'flashline' }

export function actBy({ credential, person, name, ip }: Actor): Act {
  return { by: credential, person, name, ...(ip !== undefined && { ip }) }
}
