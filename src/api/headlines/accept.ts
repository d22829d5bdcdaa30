import { readHeadline, readReleasedPosition } from '../../eventlog/read-headline.ts'
import { releaseDue } from '../../eventlog/release-due.ts'
import {
  recallRequest,
  saveHeadline,
  type Change,
  type Once,
  type SaveOutcome,
} from '../../eventlog/save-headline.ts'
import { messageOf, UnavailableError } from '../../platform/errors.ts'
import { within } from '../../platform/lifecycle.ts'
import type { ProblemCode } from '../../protocol/problems.ts'
import type { Status } from '../../protocol/status.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { Problem } from '../../platform/problem.ts'
import { duplicateProblem } from './near-duplicates.ts'
import type { ExpectedRelease } from '../live/release-watch.ts'

/** Protects the process from doorbells that pile up while the queue does not answer. */
const RING_LIMIT_MS = 2_000
/** Each is lost against somebody else's act. */
const MOST_TRIES = 8

export interface Accepted {
  readonly id: string
  readonly version: number
  readonly status: Status
  /** Where this version was released; null when it waits, was cancelled, or was overtaken by a later change. */
  readonly position: string | null
  /** When it will be released, in ms, where that is still to come. */
  readonly releaseAt?: number
  /** This very request had been accepted before. */
  readonly repeated: boolean
}

type Saved = Extract<SaveOutcome, { kind: 'saved' | 'cancelled' | 'repeated' }>

/** Of what headline, and by which request. */
export interface Target {
  readonly feed: string
  readonly id: string
  readonly once: Once
}

/**
 * Saves what `decide` says, rings, and waits until it is out where it is due now: the answer carries its position.
 * Where the headline or the policy has moved meanwhile it decides again. `decide` throws a Problem where it refuses;
 * a repeated request is answered as the first time even so. Errors: Problem; UnavailableError when nothing is known
 * to be saved.
 */
export async function accept(
  deps: ApiDeps,
  target: Target,
  decide: () => Promise<Change>,
): Promise<Accepted> {
  const begun = deps.clock()
  // Before saving: a worker may release the change before Redis has answered us.
  const expected = deps.releases.expect(target.feed, target.id)
  try {
    const saved = await save(deps, target, decide)
    const accepted = await follow(deps, target.feed, saved, expected)
    if (saved.kind === 'saved' && accepted.position !== null) {
      deps.metrics.acceptSeconds.observe((deps.clock() - begun) / 1_000)
    }
    return accepted
  } finally {
    expected.close()
  }
}

async function save(deps: ApiDeps, { feed, once }: Target, decide: () => Promise<Change>): Promise<Saved> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const outcome = await decide().then(
      (change) => saveHeadline(deps.store, change, once),
      async (refusal: unknown) => {
        if (refusal instanceof Problem) return (await recallRequest(deps.store, feed, once)) ?? refusal
        throw refusal
      },
    )
    if (outcome instanceof Problem) throw outcome
    switch (outcome.kind) {
      case 'saved':
      case 'cancelled':
      case 'repeated':
        return outcome
      case 'stale':
      case 'illegal':
      case 'policy-changed':
        break
      case 'duplicate':
        throw await duplicateOf(deps, feed, outcome.id)
      default:
        throw new Problem(refusals[outcome.kind])
    }
  }
  throw new UnavailableError('others kept changing the same headline')
}

const refusals = {
  reused: 'idempotency-key-reused',
  unknown: 'no-such-headline',
  'no-feed': 'no-such-feed',
  'feed-frozen': 'feed-frozen',
  'key-frozen': 'key-frozen',
} as const satisfies Record<string, ProblemCode>

async function duplicateOf({ store }: ApiDeps, feed: string, id: string): Promise<Problem> {
  const match = await readHeadline(store, feed, id)
  return duplicateProblem({ id, status: match?.status ?? 'live', text: match?.content?.text ?? '' })
}

async function follow(
  deps: ApiDeps,
  feed: string,
  saved: Saved,
  expected: ExpectedRelease,
): Promise<Accepted> {
  const { id, version, status, dueAt, now } = saved
  const standing = { id, version, status, position: null, repeated: saved.kind === 'repeated' }
  if (dueAt === undefined) return standing
  if (saved.kind === 'saved') ring(deps, feed, dueAt - now)
  if (dueAt > now && status === 'due') return { ...standing, releaseAt: dueAt }
  try {
    const position = await releasedPosition(deps, feed, saved, expected)
    const standsNow = await statusAfter(deps, feed, saved, position)
    // The feed was frozen meanwhile.
    const waits = position === null && standsNow === 'due'
    return { ...standing, position, status: standsNow, ...(waits && { releaseAt: dueAt }) }
  } catch (error) {
    if (!(error instanceof UnavailableError)) {
      deps.logger.error({ event: 'release-failed', feed, id, version, error: messageOf(error) })
    }
    // It is saved, and a worker will release it: saying "failed" now would make the editor post it twice.
    return { ...standing, releaseAt: dueAt }
  }
}

export function ring(deps: ApiDeps, feed: string, delayMs: number): void {
  within(deps.doorbell.ring(feed, delayMs), RING_LIMIT_MS).catch(() => {
    deps.metrics.doorbellsLost.inc()
  })
}

/** The worker's release, or else our own: news goes out with every worker dead. */
async function releasedPosition(
  deps: ApiDeps,
  feed: string,
  { kind, id, version }: Saved,
  expected: ExpectedRelease,
): Promise<string | null> {
  if (kind === 'saved') {
    const seen = await expected.released(version, deps.config.RELEASE_FALLBACK_MS)
    if (seen?.version === version) return seen.position
  }
  const position = await readReleasedPosition(deps.store, feed, id, version)
  if (position !== undefined) return position
  const released = await releaseDue(deps.store, feed)
  if (released !== 'no-feed' && released.count > 0) {
    deps.metrics.releaseFallback.inc({ feed })
    deps.metrics.released.inc({ feed }, released.count)
  }
  return (await readReleasedPosition(deps.store, feed, id, version)) ?? null
}

async function statusAfter(
  { store }: ApiDeps,
  feed: string,
  { id, status }: Saved,
  position: string | null,
): Promise<Status> {
  if (position !== null) return status === 'due' ? 'live' : status
  return (await readHeadline(store, feed, id))?.status ?? status
}
