import type { DeskState } from '../protocol/desk-state.ts'
import type { Content } from '../protocol/headline.ts'
import { isReleased } from '../protocol/lists/statuses.ts'
import type { Policy } from '../protocol/policy.ts'
import type { DeskActor, DeskHeadline } from './desk-headline.ts'
import { mayPublishAlone } from './policy.ts'

/** The authors whose text no other person has approved yet: none of them may approve the headline. */
export function openAuthors({ authors, approvedBy }: DeskState): readonly string[] {
  return approvedBy === undefined ? authors : authors.filter((author) => author === approvedBy)
}

/**
 * Whether a person created, wrote or submitted the headline. Such a person may undo its release or discard it without
 * the role of an editor.
 */
export function tookPartIn({ createdBy, authors, submittedBy }: DeskState, person: string): boolean {
  return person === createdBy || person === submittedBy || authors.includes(person)
}

/** The desk state after a change of the text: the new text waits for another person's approval. */
export function rewritten(desk: DeskState, person: string): DeskState {
  const { approvedBy: _, ...rest } = desk
  return { ...rest, authors: union(openAuthors(desk), person) }
}

/** The desk state after `person` has approved the text; an earlier approval of the same text is kept. */
export function passedOn(desk: DeskState, person: string): DeskState {
  const { releaseAt: _at, reason: _why, ...rest } = desk
  return openAuthors(desk).length === 0 && desk.approvedBy !== undefined
    ? rest
    : { ...rest, approvedBy: person }
}

/** The desk state after an approval is taken back: all authors are unapproved again. */
export function reopened(desk: DeskState): DeskState {
  const { approvedBy: _by, releaseAt: _at, ...rest } = desk
  return rest
}

export function withAuthors(desk: DeskState, people: readonly string[]): DeskState {
  return { ...desk, authors: people.reduce(union, desk.authors) }
}

/** The right must hold under both urgencies, so that lowering the urgency does not get round the rule. */
export function mayRewriteAlone(policy: Policy, actor: DeskActor, before: Content, after: Content): boolean {
  return [before, after].every(({ urgency }) => mayPublishAlone(policy, urgency, actor.role))
}

/** Whether this person counts as a second person, for a waiting headline or for the proposal on a released one. */
export function isSecond({ status, content, desk }: DeskHeadline, actor: DeskActor, policy: Policy): boolean {
  const { proposal } = desk
  if (proposal && isReleased(status)) {
    return (
      !proposal.authors.includes(actor.person) || mayRewriteAlone(policy, actor, content, proposal.content)
    )
  }
  return !openAuthors(desk).includes(actor.person) || mayPublishAlone(policy, content.urgency, actor.role)
}

function union(people: readonly string[], person: string): readonly string[] {
  return people.includes(person) ? people : [...people, person]
}
