import { randomBytes } from 'node:crypto'
import type { Store } from '../eventlog/store/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Passwords } from './passwords.ts'
import type { Throttle } from './throttle.ts'

/** What every operation on people needs. */
export interface People {
  readonly store: Store
  readonly clock: Clock
  readonly ids: PeopleIds
  readonly passwords: Passwords
  readonly throttle: Throttle
  /** How long a session lasts unused, and at the most. */
  readonly sessionMs: { readonly idle: number; readonly longest: number }
  /** Whether the two-person rule is on in one of these feeds; `*` stands for all. */
  readonly twoPersonRuleIn: (feeds: readonly string[]) => Promise<boolean>
}

/** Randomness comes in, so that a test can say what it is. */
export interface PeopleIds {
  /** 64 bits, hex: names what it belongs to, opens nothing. */
  readonly id: () => string
  /** 256 bits, base64url. */
  readonly secret: () => string
}

export const randomPeopleIds: PeopleIds = {
  id: () => randomBytes(8).toString('hex'),
  secret: () => randomBytes(32).toString('base64url'),
}
