import type { Act } from '../eventlog/store/act.ts'
import type { Role } from '../protocol/lists/roles.ts'

/** The caller of the API as its credential shows it. */
export interface Principal {
  /** `user:<account>` for a session, `key:<id>` for an API key. */
  readonly credential: string
  /** Id of the responsible account, or `bootstrap`. For an API key, its owner. */
  readonly person: string
  readonly name: string
  /** The role in a feed; `*`: for acts that belong to no feed. A key has the lower of its own and its owner's role. */
  roleIn(feed: string): Role | undefined
  /** Whether the person has signed in with a second factor; true for keys. */
  readonly secondFactor: boolean
  readonly keyId?: string
}

/** The person or key that acts, with the client's address. */
export type Actor = Pick<Principal, 'credential' | 'person' | 'name'> & { readonly ip?: string }

/** The actor of acts that the service does on its own. */
export const flashline: Actor = { credential: 'flashline', person: 'flashline', name: 'flashline' }

export function actBy({ credential, person, name, ip }: Actor): Act {
  return { by: credential, person, name, ...(ip !== undefined && { ip }) }
}
