import type { DeskState } from '../protocol/desk-state.ts'
import { atLeast } from '../protocol/lists/roles.ts'
import type { StepFault } from './decision.ts'
import type { ActContext } from './desk-headline.ts'

/** The end of an embargo in ms. `null` lifts it; undefined leaves it as it is. */
export type WishedEmbargo = number | null | undefined

/**
 * The desk state with another embargo. The source has set its end, so a later end is any editor's business, and an
 * earlier one is the decision of a chief.
 */
export function underEmbargo(
  { headline, actor, now }: ActContext,
  wished: WishedEmbargo,
): DeskState | StepFault {
  const { embargoUntil, ...free } = headline.desk
  if (wished === undefined) return headline.desk
  const isEarlier = embargoUntil !== undefined && embargoUntil > now && (wished ?? 0) < embargoUntil
  if (isEarlier && !atLeast(actor.role, 'chief')) return { code: 'forbidden', role: 'chief' }
  return wished === null ? free : { ...free, embargoUntil: wished }
}

/** The first moment in ms at which the embargo lets the headline out. */
export function embargoEnd({ embargoUntil = 0 }: DeskState): number {
  return embargoUntil
}
