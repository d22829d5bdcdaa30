import { readStory } from '../../archive/reading/read-story.ts'
import { feedsBeside } from '../../eventlog/feeds/feed-sides.ts'
import { inEachFeed } from '../../eventlog/feeds/in-each-feed.ts'
import { DamagedError } from '../../platform/errors.ts'
import type { Action } from '../../protocol/lists/actions.ts'
import { atLeast } from '../../protocol/lists/roles.ts'
import { opEffects, type FirstOp } from '../../protocol/lists/ops.ts'
import { statusesIn, type Status } from '../../protocol/lists/statuses.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { inBatches } from '../http/in-batches.ts'
import { problemOf } from '../http/problem-of.ts'
import { Problem } from '../../platform/problem.ts'
import type { SiblingOutcome } from './change-answer.ts'
import { actOnHeadline, type DoneAct } from './act-on-headline.ts'
import type { ActRequest } from './decide-and-save.ts'
import { readRecord } from './read-record.ts'

interface StoryRule {
  readonly action: FirstOp
  /** The statuses of the other headlines that the rule changes. */
  readonly statuses: readonly Status[]
}

/**
 * A withdrawal withdraws the whole story; a correction holds the story's other headlines until a person has checked
 * them.
 */
const follows: Partial<Record<Action, StoryRule>> = {
  withdraw: { action: 'withdraw', statuses: statusesIn('accepted', 'released') },
  correct: { action: 'hold', statuses: ['live'] },
}

/**
 * Acts on each other headline of the story, as the same person, in the feeds where the role allows it. Errors:
 * UnavailableError.
 */
export async function actOnStory(
  deps: ApiDeps,
  request: ActRequest,
  action: Action,
  { id, proposal }: DoneAct,
): Promise<SiblingOutcome[]> {
  const follow = follows[action]
  const { content } = await readRecord(deps, request.feed, id)
  if (!follow || proposal || content?.story === undefined) return []
  const siblings = await siblingsOf(deps, request, content.story, follow.statuses)
  return inBatches(siblings, (sibling) => followUp(deps, request, follow, sibling))
}

async function siblingsOf(
  { store, archive }: ApiDeps,
  { feed: own, id: ownId, who }: ActRequest,
  story: string,
  statuses: readonly Status[],
): Promise<{ feed: string; id: string }[]> {
  const feeds = await feedsBeside(store, own)
  const allowed = feeds.filter((feed) => atLeast(who.roleIn(feed), 'reporter'))
  const found = await inEachFeed(store, allowed, 'story', async (feed) =>
    (await readStory({ store, archive }, feed, story)).lines.map((line) => ({ feed, ...line })),
  )
  return found
    .flat()
    .filter(({ feed, id, status }) => statuses.includes(status) && !(feed === own && id === ownId))
}

async function followUp(
  deps: ApiDeps,
  request: ActRequest,
  { action }: StoryRule,
  { feed, id }: { feed: string; id: string },
): Promise<SiblingOutcome> {
  const once = { ...request.once, token: `${request.once.token} ${feed} ${id}` }
  const reason = request.act.reason ?? `The headline ${request.feed}/${request.id} of its story`
  const act = { ...request.act, reason }
  try {
    await actOnHeadline(deps, { ...request, feed, id, once, act }, 'any', () => ({ action }))
    return { feed, id, outcome: opEffects[action].status }
  } catch (error) {
    if (error instanceof Problem || error instanceof DamagedError)
      return { feed, id, outcome: problemOf(error).code }
    throw error
  }
}
