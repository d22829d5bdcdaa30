import type { DeskState } from '../protocol/desk-state.ts'
import type { Content } from '../protocol/headline.ts'
import type { Policy } from '../protocol/policy.ts'
import type { Role } from '../protocol/lists/roles.ts'
import type { Status } from '../protocol/lists/statuses.ts'

/** A headline as the newsroom's rules see it. Times are ms since 1970. */
export interface DeskHeadline {
  readonly version: number
  readonly status: Status
  /** The newest accepted content; a proposal is not accepted yet. */
  readonly content: Content
  readonly desk: DeskState
  /** Set while the headline waits in the due set. */
  readonly dueAt?: number
  /** Time of the first release. */
  readonly publishedAt?: number
  readonly pinned?: boolean
  /** Another headline of the same story was changed, and no person has marked this one as attended since. */
  readonly needsAttention?: boolean
}

/** The person who acts. A key acts as its owner. */
export interface DeskActor {
  readonly person: string
  readonly role: Role | undefined
  readonly secondFactor: boolean
}

/** An act whose actor has the permission for it, on a headline whose status allows it. */
export interface ActContext {
  readonly headline: DeskHeadline
  readonly actor: DeskActor
  readonly policy: Policy
  /** ms since 1970. */
  readonly now: number
}
