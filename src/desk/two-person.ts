import type { DeskState } from '../protocol/desk-state.ts'
import type { Content } from '../protocol/headline.ts'
import type { Policy } from '../protocol/policy.ts'
import type { DeskActor, DeskHeadline } from './desk-headline.ts'
import { mayPublishAlone } from './policy.ts'

/** Those whose words nobody else has passed on yet: none of them may approve. */
export function openAuthors({ authors, approvedBy }: DeskState): readonly string[] {
  return approvedBy === undefined ? authors : authors.filter((author) => author === approvedBy)
}

/** Whether somebody has a part in it: such a person is let back to it without an editor. */
export function wrote({ createdBy, authors, submittedBy }: DeskState, person: string): boolean {
  return person === createdBy || person === submittedBy || authors.includes(person)
}

/** After a change of its words, which wait for another's approval. */
export function rewritten(desk: DeskState, person: string): DeskState {
  const { approvedBy: _, ...rest } = desk
  return { ...rest, authors: union(openAuthors(desk), person) }
}

/** After the one who passes it on; an earlier approval of the same words stays. */
export function passedOn(desk: DeskState, person: string): DeskState {
  const { releaseAt: _at, reason: _why, ...rest } = desk
  return openAuthors(desk).length === 0 && desk.approvedBy !== undefined
    ? rest
    : { ...rest, approvedBy: person }
}

/** An approval that is taken back: all who wrote it are its authors again. */
export function reopened(desk: DeskState): DeskState {
  const { approvedBy: _by, releaseAt: _at, ...rest } = desk
  return rest
}

export function withAuthors(desk: DeskState, people: readonly string[]): DeskState {
  return { ...desk, authors: people.reduce(union, desk.authors) }
}

/** Alone under both urgencies: nobody lowers an urgency to get round the rule. */
export function mayRewriteAlone(policy: Policy, actor: DeskActor, before: Content, after: Content): boolean {
  return [before, after].every(({ urgency }) => mayPublishAlone(policy, urgency, actor.role))
}

/** Whether this person's approval is a second person's: of a waiting line, or of the proposal on a released one. */
export function isSecond({ status, content, desk }: DeskHeadline, actor: DeskActor, policy: Policy): boolean {
  const { proposal } = desk
  if (proposal && (status === 'live' || status === 'held')) {
    return (
      !proposal.authors.includes(actor.person) || mayRewriteAlone(policy, actor, content, proposal.content)
    )
  }
  return !openAuthors(desk).includes(actor.person) || mayPublishAlone(policy, content.urgency, actor.role)
}

function union(people: readonly string[], person: string): readonly string[] {
  return people.includes(person) ? people : [...people, person]
}
