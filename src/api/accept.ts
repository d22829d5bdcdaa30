import { allowedActions, type Action } from '../desk/rules.ts'
import type { TimeFault } from '../desk/times.ts'
import { readHeadline, readReleasedPosition } from '../eventlog/read-headline.ts'
import { releaseDue } from '../eventlog/release-due.ts'
import {
  recallRequest,
  saveHeadline,
  type Change,
  type Once,
  type SaveOutcome,
} from '../eventlog/save-headline.ts'
import { messageOf, UnavailableError } from '../platform/errors.ts'
import { within } from '../platform/lifecycle.ts'
import type { ProblemCode } from '../protocol/problems.ts'
import type { Status } from '../protocol/status.ts'
import type { ApiDeps } from './deps.ts'
import { Problem } from './problem.ts'
import type { ExpectedRelease } from './release-watch.ts'

/** Protects the process from doorbells that pile up while the queue does not answer. */
const RING_LIMIT_MS = 2_000

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

/**
 * Saves a change, rings, and waits until it is out: the answer carries its position. With a `fault` nothing is
 * saved, but a repeated request is answered as the first time. Errors: Problem; UnavailableError when nothing is
 * known to be saved.
 */
export async function accept(
  deps: ApiDeps,
  change: Change,
  once: Once,
  fault?: TimeFault,
): Promise<Accepted> {
  const begun = deps.clock()
  // Before saving: a worker may release the change before Redis has answered us.
  const expected = deps.releases.expect(change.feed, change.id)
  try {
    const outcome = fault
      ? await recallRequest(deps.log, change.feed, once)
      : await saveHeadline(deps.log, change, once)
    if (!outcome) throw new Problem(fault ?? 'internal-error')
    const saved = await savedOr409(deps, change, outcome)
    const accepted = await follow(deps, change.feed, saved, expected)
    if (saved.kind === 'saved' && accepted.position !== null) {
      deps.metrics.acceptSeconds.observe((deps.clock() - begun) / 1_000)
    }
    return accepted
  } finally {
    expected.close()
  }
}

async function savedOr409(deps: ApiDeps, change: Change, outcome: SaveOutcome): Promise<Saved> {
  switch (outcome.kind) {
    case 'saved':
    case 'cancelled':
    case 'repeated':
      return outcome
    case 'stale':
      throw new Problem('stale-version', {
        extra: { current: await readHeadline(deps.log, change.feed, change.id) },
      })
    case 'illegal':
      throw new Problem('illegal-action', {
        extra: { headlineStatus: outcome.status, allowed: allowedActions(outcome.status) satisfies Action[] },
      })
    case 'duplicate':
      throw new Problem('duplicate-headline', { extra: { match: outcome.id } })
    default:
      throw new Problem(refusals[outcome.kind])
  }
}

const refusals = {
  reused: 'idempotency-key-reused',
  unknown: 'no-such-headline',
  'no-feed': 'no-such-feed',
  'policy-changed': 'policy-changed',
  'feed-frozen': 'feed-frozen',
  'key-frozen': 'key-frozen',
} as const satisfies Record<string, ProblemCode>

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
    return { ...standing, position, status: await statusAfter(deps, feed, saved, position) }
  } catch (error) {
    if (!(error instanceof UnavailableError)) {
      deps.logger.error({ event: 'release-failed', feed, id, version, error: messageOf(error) })
    }
    // It is saved, and a worker will release it: saying "failed" now would make the editor post it twice.
    return { ...standing, releaseAt: dueAt }
  }
}

function ring(deps: ApiDeps, feed: string, delayMs: number): void {
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
  const position = await readReleasedPosition(deps.log, feed, id, version)
  if (position !== undefined) return position
  const released = await releaseDue(deps.log, feed)
  if (released !== 'no-feed' && released.count > 0) {
    deps.metrics.releaseFallback.inc({ feed })
    deps.metrics.released.inc({ feed }, released.count)
  }
  return (await readReleasedPosition(deps.log, feed, id, version)) ?? null
}

async function statusAfter(
  { log }: ApiDeps,
  feed: string,
  { id, status }: Saved,
  position: string | null,
): Promise<Status> {
  if (position !== null) return status === 'due' ? 'live' : status
  return (await readHeadline(log, feed, id))?.status ?? status
}
