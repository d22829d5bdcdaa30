import { randomBytes } from 'node:crypto'
import type { Store } from '../eventlog/store/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Passwords } from './passwords.ts'
import type { Throttle } from './throttle.ts'

/** The dependencies of every operation on people. */
export interface People {
  readonly store: Store
  readonly clock: Clock
  readonly ids: PeopleIds
  readonly passwords: Passwords
  readonly throttle: Throttle
  /** Lifetime of a session in ms: `idle` after its last use, `longest` after its start. */
  readonly sessionMs: { readonly idle: number; readonly longest: number }
  /** Whether the two-person rule is on in at least one of these feeds; `*` means all feeds. */
  readonly twoPersonRuleIn: (feeds: readonly string[]) => Promise<boolean>
}

/** Random ids and secrets, which a test can replace. */
export interface PeopleIds {
  /** 64 bits, hex. An id is not secret. */
  readonly id: () => string
  /** 256 bits, base64url. */
  readonly secret: () => string
}

export const randomPeopleIds: PeopleIds = {
  id: () => randomBytes(8).toString('hex'),
  secret: () => randomBytes(32).toString('base64url'),
}
