import { createHash } from 'node:crypto'
import { decide, decideNew } from '../../desk/decide.ts'
import type { Decision, NewLine, Refusal, Wish } from '../../desk/decision.ts'
import { differences } from '../../desk/diff.ts'
import type { Act } from '../../eventlog/act.ts'
import { freezeKeyElsewhere } from '../../eventlog/freeze.ts'
import type { EventLog } from '../../eventlog/log.ts'
import { readPolicy } from '../../eventlog/policy.ts'
import { contentOf, readHeadline, type HeadlineRecord } from '../../eventlog/read-headline.ts'
import { readTime } from '../../eventlog/redis-time.ts'
import type { Change, Once } from '../../eventlog/save-headline.ts'
import type { Policy, StoredPolicy } from '../../protocol/policy.ts'
import type { ApiDeps } from '../deps.ts'
import type { Principal } from '../http/principal.ts'
import { Problem } from '../http/problem.ts'
import { accept, type Accepted } from './accept.ts'
import { deskActor, deskStanding } from './desk-standing.ts'
import { refuseDuplicate } from './near-duplicates.ts'
import { readRecord } from './read-record.ts'

/** An act on one headline that somebody asks for. */
export interface Asked {
  readonly feed: string
  readonly id: string
  readonly who: Principal
  readonly act: Act
  readonly once: Once
  /** It goes out although another line says the same. */
  readonly force: boolean
}

export interface Performed extends Accepted {
  /** It waits for a second person; readers notice nothing. */
  readonly proposal: boolean
}

/** Decides by the clock that releases, not by this machine's. Errors: Problem, UnavailableError. */
export async function performNew(deps: ApiDeps, asked: Asked, line: NewLine): Promise<Performed> {
  const { feed, who } = asked
  const accepted = await acceptUnlessFrozen(deps, asked, async () => {
    const [stored, now] = await Promise.all([readPolicy(deps.log, feed), timeNow(deps.log)])
    const decided = decideNew(line, deskActor(who, feed), stored.policy, now)
    if (decided.kind === 'refusal') throw refusalProblem(decided, stored.policy)
    return changeOf(deps, asked, decided, 0, stored)
  })
  return { ...accepted, proposal: false }
}

/**
 * Decides on where the headline stands, and again where it has moved meanwhile. `expected`: the version that was seen.
 * Errors: Problem, UnavailableError.
 */
export async function perform(
  deps: ApiDeps,
  asked: Asked,
  expected: number | 'any',
  wishOn: (record: HeadlineRecord) => Wish,
): Promise<Performed> {
  const { feed, id, who } = asked
  let proposal = false
  const accepted = await acceptUnlessFrozen(deps, asked, async () => {
    const [record, stored, now] = await Promise.all([
      readRecord(deps.log, feed, id),
      readPolicy(deps.log, feed),
      timeNow(deps.log),
    ])
    if (expected !== 'any' && expected !== record.version) throw staleProblem(record, expected)
    const actor = deskActor(who, feed)
    const decided = decide(deskStanding(record), wishOn(record), actor, stored.policy, now)
    if (decided.kind === 'refusal') throw refusalProblem(decided, stored.policy, record)
    proposal = decided.proposal ?? false
    return changeOf(deps, asked, decided, expected, stored)
  })
  return { ...accepted, proposal: accepted.repeated ? await wasProposal(deps, feed, accepted) : proposal }
}

/** What the editor did not see. */
export function staleProblem(record: HeadlineRecord, seen: number): Problem {
  const before = contentOf(record, seen)
  const diff = before && record.content ? differences(before, record.content) : []
  return new Problem('stale-version', { extra: { current: record, diff } })
}

async function changeOf(
  deps: ApiDeps,
  asked: Asked,
  decided: Decision,
  expected: number | 'any',
  { version, policy }: StoredPolicy,
): Promise<Change> {
  const { feed, id, act, who, force } = asked
  const { kind: _, comparable, isNews, isRelease, proposal: _waits, ...decision } = decided
  const { duplicateWithinMs: withinMs } = policy
  const mayRepeat = force || !isNews
  if (comparable !== undefined && !mayRepeat) await refuseDuplicate(deps, asked, comparable, withinMs)
  return {
    ...decision,
    feed,
    id,
    act,
    expected,
    policyVersion: expected === 'any' ? 'any' : version,
    ...(comparable !== undefined && { duplicate: { hash: sha256(comparable), withinMs, force: mayRepeat } }),
    ...(isRelease &&
      who.keyId !== undefined && {
        release: { keyId: who.keyId, perMinute: policy.releasesPerMinute },
      }),
  }
}

function refusalProblem({ code, role, allowed }: Refusal, policy: Policy, record?: HeadlineRecord): Problem {
  switch (code) {
    case 'forbidden':
      return new Problem(code, { extra: { detail: `This needs the role ${role} in this feed.`, allowed } })
    case 'illegal-action':
    case 'needs-decision':
      return new Problem(code, { extra: { headlineStatus: record?.status, allowed } })
    case 'text-too-long':
      return new Problem(code, { extra: { maxGraphemes: policy.maxGraphemes } })
    default:
      return new Problem(code)
  }
}

/** A version of a released line without a text of its own. */
async function wasProposal({ log }: ApiDeps, feed: string, { id, version }: Accepted): Promise<boolean> {
  const saved = (await readHeadline(log, feed, id))?.versions[version - 1]
  return saved !== undefined && ['correct', 'restore'].includes(saved.action) && saved.content === undefined
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function timeNow(log: EventLog): Promise<number> {
  return Math.floor(await readTime(log))
}

/** A key that was too fast in one feed is frozen in all. */
async function acceptUnlessFrozen(
  deps: ApiDeps,
  asked: Asked,
  decideOn: () => Promise<Change>,
): Promise<Accepted> {
  try {
    return await accept(deps, asked, decideOn)
  } catch (error) {
    const { keyId } = asked.who
    if (error instanceof Problem && error.code === 'key-frozen' && keyId !== undefined)
      await freezeKeyElsewhere(deps.log, asked.feed, keyId)
    throw error
  }
}
