import type { DeskState } from '../protocol/desk-state.ts'
import { isOfKind, type Action } from '../protocol/lists/actions.ts'
import type { Role } from '../protocol/lists/roles.ts'
import { urgencies, type Urgency } from '../protocol/lists/urgencies.ts'
import type { Policy } from '../protocol/policy.ts'
import { isAtLevel, strictness } from './policy.ts'
import { openAuthors } from './two-person.ts'

/** An act on a headline that waits, with its actor: the credential, and the responsible person. */
export interface PastAct {
  readonly version: number
  readonly action: Action
  /** The act has brought a text. */
  readonly wrote: boolean
  readonly act: { readonly by: string; readonly person: string }
}

/** A key (`by`) or a person; without both, anyone. */
export interface Stoppable {
  readonly by?: string | undefined
  readonly person?: string | undefined
}

type Levels = Partial<Policy['alone']>

/**
 * Whether the act wrote or released the headline for this key or person. `afterVersion`: the newsroom has decided on all
 * acts up to it.
 */
export function isActOf(
  { version, action, wrote, act }: PastAct,
  { by, person }: Stoppable,
  afterVersion = 0,
): boolean {
  if (version <= afterVersion) return false
  if (by !== undefined && act.by !== by) return false
  if (person !== undefined && act.person !== person) return false
  return wrote || isOfKind('releases', action)
}

/** The levels of the urgencies that a new policy lets fewer people publish alone; undefined when there are none. */
export function stricterLevels(before: Policy, after: Policy): Levels | undefined {
  const stricter = urgencies.filter(
    (urgency) => strictness(after.alone[urgency]) > strictness(before.alone[urgency]),
  )
  if (stricter.length === 0) return undefined
  return Object.fromEntries(stricter.map((urgency) => [urgency, after.alone[urgency]]))
}

/**
 * Whether a headline that waits has no approval that the stricter levels ask for: no second person has approved it, and
 * `approver`, the role of the person who released it, may not publish it alone any more.
 */
export function lacksApproval(
  { urgency, desk }: { readonly urgency: Urgency; readonly desk: DeskState },
  levels: Levels,
  approver: Role | undefined,
): boolean {
  const level = levels[urgency]
  if (level === undefined) return false
  const isApproved = desk.approvedBy !== undefined && openAuthors(desk).length === 0
  return !isApproved && !isAtLevel(level, approver)
}
