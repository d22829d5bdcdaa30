import type { DeskState } from '../protocol/desk-state.ts'
import type { Content } from '../protocol/headline.ts'
import { isReleased } from '../protocol/lists/statuses.ts'
import type { Urgency } from '../protocol/lists/urgencies.ts'
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
  const { approvedBy: _, unproved: _own, ...rest } = desk
  return { ...rest, authors: union(openAuthors(desk), person) }
}

/** Words that only a gateway has reported have no author: the person who submits them answers for them. */
export function takenOver(desk: DeskState, person: string): DeskState {
  return desk.unproved ? rewritten(desk, person) : desk
}

/** The desk state after `person` has approved the text; an earlier approval of the same text is kept. */
export function passedOn(desk: DeskState, person: string): DeskState {
  const { releaseAt: _at, reason: _why, unproved: _own, ...rest } = desk
  return openAuthors(desk).length === 0 && desk.approvedBy !== undefined
    ? rest
    : { ...rest, approvedBy: person }
}

/** The desk state after an approval is taken back: all authors are unapproved again. */
export function reopened(desk: DeskState): DeskState {
  const { approvedBy: _by, releaseAt: _at, notBefore: _time, ...rest } = desk
  return rest
}

/** The desk state of a headline for which `person` wants an approval. */
export function askedFor(desk: DeskState, contents: readonly Content[], person: string): DeskState {
  const { notBefore: _, ...rest } = underUrgencies(desk, contents)
  return { ...rest, submittedBy: person }
}

/** The approval that the headline waits for is one under the urgencies of these contents too. */
export function underUrgencies(
  { urgencies = [], ...desk }: DeskState,
  contents: readonly Content[],
): DeskState {
  return {
    ...desk,
    urgencies: contents.map(({ urgency }) => urgency).reduce<readonly Urgency[]>(union, urgencies),
  }
}

/** The desk state after `person` has accepted these words under this urgency; earlier urgencies do not count any more. */
export function accepted(desk: DeskState, urgency: Urgency, person: string): DeskState {
  return { ...passedOn(desk, person), urgencies: [urgency] }
}

export function withAuthors(desk: DeskState, people: readonly string[]): DeskState {
  return { ...desk, authors: people.reduce(union, desk.authors) }
}

/**
 * The right must hold under each urgency under which the headline was submitted or accepted, so that a lower urgency does
 * not get round the rule.
 */
export function mayReleaseAlone(
  { content, desk }: DeskHeadline,
  { role }: DeskActor,
  policy: Policy,
): boolean {
  return [content.urgency, ...(desk.urgencies ?? [])].every((urgency) =>
    mayPublishAlone(policy, urgency, role),
  )
}

/** The right must hold under both urgencies, so that lowering the urgency does not get round the rule. */
export function mayRewriteAlone(policy: Policy, actor: DeskActor, before: Content, after: Content): boolean {
  return [before, after].every(({ urgency }) => mayPublishAlone(policy, urgency, actor.role))
}

/**
 * Whether this person counts as a second person, for a waiting headline or for the proposal on a released one. The person
 * who submits a headline requests its time, and so may not approve it either.
 */
export function isSecond(headline: DeskHeadline, actor: DeskActor, policy: Policy): boolean {
  const { status, content, desk } = headline
  const { proposal } = desk
  if (proposal && isReleased(status)) {
    return (
      !proposal.authors.includes(actor.person) || mayRewriteAlone(policy, actor, content, proposal.content)
    )
  }
  const asks = status === 'pending' && desk.submittedBy === actor.person
  const isAuthor = openAuthors(desk).includes(actor.person)
  return !(asks || isAuthor) || mayReleaseAlone(headline, actor, policy)
}

function union<T>(all: readonly T[], one: T): readonly T[] {
  return all.includes(one) ? all : [...all, one]
}
