import type { DeskState } from '../protocol/desk-state.ts'
import type { Content } from '../protocol/headline.ts'
import type { Policy } from '../protocol/policy.ts'
import type { Role } from '../protocol/roles.ts'
import type { Status } from '../protocol/status.ts'

/** Where a headline stands: what the rules decide on. Times are ms since 1970. */
export interface DeskHeadline {
  readonly version: number
  readonly status: Status
  /** The newest one that was accepted; a proposal is not. */
  readonly content: Content
  readonly desk: DeskState
  /** While it waits for its time. */
  readonly dueAt?: number
  /** Its first release. */
  readonly publishedAt?: number
  readonly pinned?: boolean
  /** Another line of its story was changed, and nobody has looked since. */
  readonly needsAttention?: boolean
}

/** Who acts. A key acts as its owner. */
export interface DeskActor {
  readonly person: string
  readonly role: Role | undefined
  readonly secondFactor: boolean
}

/** Somebody who may, at a headline that allows it. */
export interface Scene {
  readonly headline: DeskHeadline
  readonly actor: DeskActor
  readonly policy: Policy
  /** ms since 1970. */
  readonly now: number
}
