import { listFeeds } from '../../eventlog/feeds.ts'
import { readStory } from '../../eventlog/read-story.ts'
import type { Action } from '../../protocol/actions.ts'
import { atLeast } from '../../protocol/roles.ts'
import type { Status } from '../../protocol/status.ts'
import type { ApiDeps } from '../deps.ts'
import { inTurns } from '../http/in-turns.ts'
import { Problem } from '../http/problem.ts'
import type { SiblingOutcome } from './change-answer.ts'
import { perform, type Asked, type Performed } from './perform.ts'
import { readRecord } from './read-record.ts'

interface Follow {
  readonly action: 'withdraw' | 'hold'
  readonly outcome: Status
  /** Which of the other lines it concerns. */
  readonly statuses: readonly Status[]
}

/** Who withdraws a line withdraws its story; who corrects one stops the others until somebody has looked. */
const follows: Partial<Record<Action, Follow>> = {
  withdraw: { action: 'withdraw', outcome: 'withdrawn', statuses: ['due', 'needs-decision', 'live', 'held'] },
  correct: { action: 'hold', outcome: 'held', statuses: ['live'] },
}

/** Each line is an act of its own, by the same person, in the feeds where they may. Errors: UnavailableError. */
export async function cascade(
  deps: ApiDeps,
  asked: Asked,
  action: Action,
  { id, proposal }: Performed,
): Promise<SiblingOutcome[]> {
  const follow = follows[action]
  const { content } = await readRecord(deps.log, asked.feed, id)
  if (!follow || proposal || content?.story === undefined) return []
  const siblings = await siblingsOf(deps, asked, content.story, follow.statuses)
  return inTurns(siblings, (sibling) => followUp(deps, asked, follow, sibling))
}

async function siblingsOf(
  { log }: ApiDeps,
  { feed: own, id: ownId, who }: Asked,
  story: string,
  statuses: readonly Status[],
): Promise<{ feed: string; id: string }[]> {
  const feeds = (await listFeeds(log)).filter(({ id }) => atLeast(who.roleIn(id), 'reporter'))
  const found = await Promise.all(
    feeds.map(async ({ id: feed }) => (await readStory(log, feed, story)).map((line) => ({ feed, ...line }))),
  )
  return found
    .flat()
    .filter(({ feed, id, status }) => statuses.includes(status) && !(feed === own && id === ownId))
}

async function followUp(
  deps: ApiDeps,
  asked: Asked,
  { action, outcome }: Follow,
  { feed, id }: { feed: string; id: string },
): Promise<SiblingOutcome> {
  const once = { ...asked.once, token: `${asked.once.token} ${feed} ${id}` }
  const reason = asked.act.reason ?? `The line ${asked.feed}/${asked.id} of its story`
  const act = { ...asked.act, reason }
  try {
    await perform(deps, { ...asked, feed, id, once, act }, 'any', () => ({ action }))
    return { feed, id, outcome }
  } catch (error) {
    if (error instanceof Problem) return { feed, id, outcome: error.code }
    throw error
  }
}
