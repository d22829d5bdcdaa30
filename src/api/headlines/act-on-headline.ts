import { createHash } from 'node:crypto'
import { decide, decideNew } from '../../desk/decide.ts'
import type { Decision, NewLine, Refusal, Wish } from '../../desk/decision.ts'
import { differences } from '../../desk/differences.ts'
import type { Act } from '../../eventlog/store/act.ts'
import { freezeKeyElsewhere } from '../../eventlog/feeds/freeze.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { readPolicy } from '../../eventlog/feeds/policy.ts'
import { contentOf, readHeadline, type HeadlineRecord } from '../../eventlog/read-headline.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import type { Change, Once } from '../../eventlog/save-headline.ts'
import type { Policy, StoredPolicy } from '../../protocol/policy.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import type { Principal } from '../http/principal.ts'
import { Problem } from '../../platform/problem.ts'
import { accept, type Accepted } from './accept.ts'
import { deskActor, deskHeadline } from './desk-headline.ts'
import { refuseDuplicate } from './near-duplicates.ts'
import { readRecord } from './read-record.ts'

/** An act on one headline that somebody asks for. */
export interface ActRequest {
  readonly feed: string
  readonly id: string
  readonly who: Principal
  readonly act: Act
  readonly once: Once
  /** It goes out although another line says the same. */
  readonly force: boolean
}

export interface DoneAct extends Accepted {
  /** It waits for a second person; readers notice nothing. */
  readonly proposal: boolean
}

/** Decides by the clock that releases, not by this machine's. Errors: Problem, UnavailableError. */
export async function postHeadline(deps: ApiDeps, request: ActRequest, line: NewLine): Promise<DoneAct> {
  const { feed, who } = request
  const accepted = await acceptUnlessFrozen(deps, request, async () => {
    const [stored, now] = await Promise.all([readPolicy(deps.store, feed), timeNow(deps.store)])
    const decided = decideNew(line, deskActor(who, feed), stored.policy, now)
    if (decided.kind === 'refusal') throw refusalProblem(decided, stored.policy)
    return changeOf(deps, request, decided, 0, stored)
  })
  return { ...accepted, proposal: false }
}

/**
 * Decides on where the headline stands, and again where it has moved meanwhile. `expected`: the version that was seen.
 * Errors: Problem, UnavailableError.
 */
export async function actOnHeadline(
  deps: ApiDeps,
  request: ActRequest,
  expected: number | 'any',
  wishOn: (record: HeadlineRecord) => Wish,
): Promise<DoneAct> {
  const { feed, id, who } = request
  let proposal = false
  const accepted = await acceptUnlessFrozen(deps, request, async () => {
    const [record, stored, now] = await Promise.all([
      readRecord(deps.store, feed, id),
      readPolicy(deps.store, feed),
      timeNow(deps.store),
    ])
    if (expected !== 'any' && expected !== record.version) throw staleProblem(record, expected)
    const actor = deskActor(who, feed)
    const decided = decide(deskHeadline(record), wishOn(record), actor, stored.policy, now)
    if (decided.kind === 'refusal') throw refusalProblem(decided, stored.policy, record)
    proposal = decided.proposal ?? false
    return changeOf(deps, request, decided, expected, stored)
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
  request: ActRequest,
  decided: Decision,
  expected: number | 'any',
  { version, policy }: StoredPolicy,
): Promise<Change> {
  const { feed, id, act, who, force } = request
  const { kind: _, comparable, isNews, isRelease, proposal: _waits, ...decision } = decided
  const { duplicateWithinMs: withinMs } = policy
  const mayRepeat = force || !isNews
  if (comparable !== undefined && !mayRepeat) await refuseDuplicate(deps, request, comparable, withinMs)
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
async function wasProposal({ store }: ApiDeps, feed: string, { id, version }: Accepted): Promise<boolean> {
  const saved = (await readHeadline(store, feed, id))?.versions[version - 1]
  return saved !== undefined && ['correct', 'restore'].includes(saved.action) && saved.content === undefined
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function timeNow(store: Store): Promise<number> {
  return Math.floor(await readTime(store))
}

/** A key that was too fast in one feed is frozen in all. */
async function acceptUnlessFrozen(
  deps: ApiDeps,
  request: ActRequest,
  decideOn: () => Promise<Change>,
): Promise<Accepted> {
  try {
    return await accept(deps, request, decideOn)
  } catch (error) {
    const { keyId } = request.who
    if (error instanceof Problem && error.code === 'key-frozen' && keyId !== undefined)
      await freezeKeyElsewhere(deps.store, request.feed, keyId)
    throw error
  }
}
