import { createHash } from 'node:crypto'
import { bringBack } from '../../archive/reading/bring-back.ts'
import { readLine } from '../../archive/reading/read-line.ts'
import { isStop } from '../../desk/actions.ts'
import { decide, decideNew } from '../../desk/decide.ts'
import type { Decision, NewHeadline, Refusal, Wish } from '../../desk/decision.ts'
import type { DeskHeadline } from '../../desk/desk-headline.ts'
import { strictestPolicy } from '../../desk/policy.ts'
import { feedExists, listFeedIds, readFeed } from '../../eventlog/feeds/feeds.ts'
import { freezeKeyElsewhere } from '../../eventlog/feeds/freeze.ts'
import { readPolicy } from '../../eventlog/feeds/policy.ts'
import type { HeadlineRecord } from '../../eventlog/read-headline.ts'
import {
  recallRequest,
  saveHeadline,
  type Change,
  type Once,
  type SaveOutcome,
} from '../../eventlog/save-headline.ts'
import type { Act } from '../../eventlog/store/act.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import { DamagedError, UnavailableError } from '../../platform/errors.ts'
import { atLeast } from '../../protocol/lists/roles.ts'
import type { Status } from '../../protocol/lists/statuses.ts'
import { Problem } from '../../platform/problem.ts'
import type { Policy } from '../../protocol/policy.ts'
import type { ProblemCode } from '../../protocol/problems.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { problemOf } from '../http/problem-of.ts'
import type { Principal } from '../http/principal.ts'
import type { AcceptedAct } from '../live/accepted-acts.ts'
import { deskActor, deskHeadline } from './desk-headline.ts'
import { equalTextProblem, refuseNearDuplicate } from './near-duplicates.ts'
import { readRecord } from './read-record.ts'
import { refusalProblem, selfApproval, staleProblem } from './refusal-problem.ts'

/** Each try is lost against another act on the same headline, or a new policy. */
const MOST_TRIES = 8
/** Each is lost against news of another process, or news that is tried for the first time. */
const MOST_TRIES_IN_TURN = 50

/** One caller's request for one act on one headline. */
export interface ActRequest {
  readonly feed: string
  readonly id: string
  readonly who: Principal
  readonly act: Act
  readonly once: Once
  /** Release the headline although another one has the same text. */
  readonly force: boolean
  /** The new headline is the part of this edition in its feed. */
  readonly edition?: string
  /** The act is done in all parts of the headline's edition. */
  readonly wholeEdition?: boolean
}

/** The caller's wish: a headline that does not exist yet, or an act on one that does. */
export type Wanted =
  | { readonly kind: 'post'; readonly headline: NewHeadline }
  | {
      readonly kind: 'act'
      /** The version that the caller has seen. */
      readonly expected: number | 'any'
      readonly wishOn: (record: HeadlineRecord) => Wish
    }

export type SavedDecision = Extract<SaveOutcome, { kind: 'saved' | 'cancelled' | 'repeated' }> & {
  /** Whether the decision was to wait for a second person; says nothing of a repeated request. */
  readonly proposal: boolean
}

/**
 * Decides by the newsroom's rules and saves the decision. It decides again where the headline or the policy has changed
 * before the save, or other news was accepted with which the text was not compared. A repeated request gets its first
 * outcome, also where it would be refused now. An archived headline comes back to Redis with the act; a refused act leaves
 * it where it is. Errors: Problem; ArchiveError; UnavailableError when nothing is known to be saved.
 */
export async function decideAndSave(
  deps: ApiDeps,
  request: ActRequest,
  wanted: Wanted,
): Promise<SavedDecision> {
  const first = await tryToSave(deps, request, wanted)
  if (first === 'news-accepted') {
    const inTurn = await deps.newsTurns.take(request.feed, () => tryInTurn(deps, request, wanted))
    if (inTurn !== 'changed') return inTurn
  } else if (first !== 'changed') return first
  throw new UnavailableError('other acts kept changing the same headline, or other news kept being accepted')
}

async function tryInTurn(
  deps: ApiDeps,
  request: ActRequest,
  wanted: Wanted,
): Promise<SavedDecision | 'changed'> {
  for (let tries = 0; tries < MOST_TRIES_IN_TURN; tries++) {
    const outcome = await tryToSave(deps, request, wanted)
    if (outcome !== 'news-accepted') return outcome
  }
  return 'changed'
}

async function tryToSave(
  deps: ApiDeps,
  request: ActRequest,
  wanted: Wanted,
): Promise<SavedDecision | 'changed' | 'news-accepted'> {
  const { store } = deps
  const { feed, who, once } = request
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const change = await decideOn(deps, request, wanted).catch(refusalOf)
    const outcome =
      change instanceof Problem
        ? await recallRequest(store, feed, once)
        : await saveHeadline(store, change, once)
    if (outcome === undefined) throw change as Problem
    switch (outcome.kind) {
      case 'saved':
      case 'cancelled':
        if (!(change instanceof Problem)) deps.accepted.note(acceptedAct(change, outcome))
        return { ...outcome, proposal: !(change instanceof Problem) && change.proposal }
      case 'repeated': {
        const proposal = !(change instanceof Problem) && change.proposal
        return { ...outcome, status: await statusNow(deps, feed, outcome), proposal }
      }
      case 'unknown':
        await returnToRedis(deps, request)
        break
      case 'stale':
      case 'illegal':
      case 'policy-changed':
        break
      case 'news-accepted':
        return 'news-accepted'
      case 'duplicate':
        throw await equalTextProblem(store, feed, outcome.id)
      case 'part-exists':
        throw new Problem('edition-part-exists', { extra: { part: outcome.id } })
      case 'key-frozen':
        // A key that was too fast in one feed is frozen in all feeds.
        if (who.keyId !== undefined) await freezeKeyElsewhere(store, feed, who.keyId)
        void deps.duties.look()
        throw new Problem('key-frozen')
      default:
        throw new Problem(problemCodes[outcome.kind])
    }
  }
  return 'changed'
}

const problemCodes = {
  reused: 'idempotency-key-reused',
  'no-feed': 'no-such-feed',
  'feed-frozen': 'feed-frozen',
} as const satisfies Record<string, ProblemCode>

/** Errors: Problem, ArchiveError. */
async function returnToRedis(deps: ApiDeps, { feed, id }: ActRequest): Promise<void> {
  const outcome = await bringBack(deps, feed, id)
  if (outcome === 'unknown') throw new Problem('no-such-headline')
  if (outcome === 'erased') throw new Problem('headline-erased')
}

/** Redis does not know the status of a headline that has moved to the archive since the first request. */
async function statusNow(
  deps: ApiDeps,
  feed: string,
  { id, status }: { readonly id: string; readonly status: Status | '' },
): Promise<Status> {
  if (status !== '') return status
  const record = await readLine(deps, feed, id)
  if (!record) throw new Problem('no-such-headline')
  return record.status
}

type Decided = Change & {
  readonly proposal: boolean
  /** The headline with the change. */
  readonly after: Pick<DeskHeadline, 'content' | 'desk'>
}

function acceptedAct(
  { feed, id, act, action, content, after }: Decided,
  { version, status, audited, now }: Extract<SaveOutcome, { kind: 'saved' | 'cancelled' }>,
): AcceptedAct {
  const note = content && !('text' in content) ? content.note : undefined
  const headline = { version, status, action, ...after, ...(note !== undefined && { note }) }
  return { feed, id, act, at: now, audited, headline }
}

/** By the clock of Redis, which also releases; this machine's may be wrong. Errors: Problem, UnavailableError. */
async function decideOn(deps: ApiDeps, request: ActRequest, wanted: Wanted): Promise<Decided> {
  const { store, people } = deps
  const { feed, id, who } = request
  const actor = deskActor(who, feed)
  const reads = [readRules(store, feed), readTime(store).then(Math.floor)] as const
  if (wanted.kind === 'post') {
    const [rules, now] = await Promise.all(reads)
    const stored = intact(rules)
    const decided = decideNew(wanted.headline, actor, stored.policy, now)
    if (decided.kind === 'refusal') throw await refusalInFeed(deps, feed, decided, stored)
    const created = {
      content: wanted.headline.content,
      desk: { createdBy: who.person, authors: [who.person] },
    }
    const change = await changeOf(deps, request, decided, 0, stored, now)
    const part = request.edition === undefined ? {} : { edition: request.edition }
    return { ...change, ...part, after: after(created, decided) }
  }
  const { expected, wishOn } = wanted
  const [record, rules, now] = await Promise.all([readRecord(deps, feed, id), ...reads])
  if (record.erased) throw new Problem('headline-erased')
  if (expected !== 'any' && expected !== record.version) throw staleProblem(record, expected, who, feed)
  const headline = deskHeadline(record)
  const wish = wishOn(record)
  // To take a headline away is safe by any rules, so no damage may prevent it.
  const stored = isStop(wish.action) && rules instanceof DamagedError ? WITHOUT_RULES : intact(rules)
  const decided = decide(headline, wish, actor, stored.policy, now)
  if (decided.kind === 'refusal') {
    throw decided.code === 'self-approval'
      ? await selfApproval(people, feed, headline, stored.policy)
      : refusalProblem(decided, stored.policy, record)
  }
  const { edition } = record
  const change = {
    ...(await changeOf(deps, request, decided, expected, stored, now)),
    ...(edition !== undefined && { edition, wholeEdition: request.wholeEdition ?? false }),
    after: after(headline, decided),
  }
  const isInStory = [record.content, change.content].some(
    (content) => content && 'story' in content && content.story !== undefined,
  )
  const attentionIn = isInStory || edition !== undefined ? await feedsToRead(store, who) : undefined
  return attentionIn ? { ...change, attentionIn } : change
}

const WITHOUT_RULES: Rules = { version: 'any', policy: strictestPolicy }

interface Rules {
  readonly version: number | 'any'
  readonly policy: Policy
}

/** The feed's policy, or the damage of its policy or definition. Errors: UnavailableError. */
async function readRules(store: Store, feed: string): Promise<Rules | DamagedError> {
  try {
    const [stored] = await Promise.all([readPolicy(store, feed), readFeed(store, feed)])
    return stored
  } catch (error) {
    if (error instanceof DamagedError) return error
    throw error
  }
}

function intact(rules: Rules | DamagedError): Rules {
  if (rules instanceof DamagedError) throw rules
  return rules
}

/**
 * A person gives attention only to headlines that the person may read: a story's name alone, which anybody can guess, is
 * not enough. Undefined: the person may read all feeds.
 */
async function feedsToRead(store: Store, who: Principal): Promise<string[] | undefined> {
  if (atLeast(who.roleIn('*'), 'reader')) return undefined
  return (await listFeedIds(store)).filter((id) => atLeast(who.roleIn(id), 'reader'))
}

/** The save finds out that a feed does not exist, so only a refusal has to look. */
async function refusalInFeed(
  { store }: ApiDeps,
  feed: string,
  refusal: Refusal,
  { policy }: Rules,
): Promise<Problem> {
  return (await feedExists(store, feed)) ? refusalProblem(refusal, policy) : new Problem('no-such-feed')
}

async function changeOf(
  { store }: ApiDeps,
  { feed, id, act, who, force }: ActRequest,
  decided: Decision,
  expected: number | 'any',
  { version, policy }: Rules,
  now: number,
): Promise<Omit<Decided, 'after'>> {
  const { kind: _, text, comparable, isNews, isRelease, proposal = false, keptNote, ...decision } = decided
  const { duplicateWithinMs: withinMs } = policy
  const mayRepeat = force || !isNews
  const isCompared = text !== undefined && !mayRepeat && withinMs > 0
  const newsSeen = isCompared
    ? await refuseNearDuplicate(store, { feed, id, text, sinceMs: now - withinMs })
    : undefined
  return {
    ...decision,
    ...(newsSeen !== undefined && { newsSeen }),
    proposal,
    feed,
    id,
    act:
      keptNote === undefined ? act : { ...act, reason: [act.reason, keptNote].filter(Boolean).join(' / ') },
    expected,
    policyVersion: expected === 'any' ? 'any' : version,
    ...(comparable !== undefined && { duplicate: { hash: sha256(comparable), withinMs, force: mayRepeat } }),
    ...(isRelease &&
      who.keyId !== undefined && { release: { keyId: who.keyId, perMinute: policy.releasesPerMinute } }),
  }
}

function after(headline: Decided['after'], { content, desk }: Decision): Decided['after'] {
  return {
    content: content && 'text' in content ? content : headline.content,
    desk: desk ?? headline.desk,
  }
}

/** A repeated request gets its first outcome where a new one would be refused. Other errors are thrown. */
function refusalOf(error: unknown): Problem {
  if (error instanceof Problem || error instanceof DamagedError) return problemOf(error)
  throw error
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
