import { ArchiveError } from '../../archive/archive.ts'
import { readLine } from '../../archive/reading/read-line.ts'
import type { NewHeadline, Wish } from '../../desk/decision.ts'
import { readPolicy } from '../../eventlog/feeds/policy.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import { UnavailableError } from '../../platform/errors.ts'
import type { HeadlineRecord } from '../../eventlog/read-headline.ts'
import { isOfKind } from '../../protocol/lists/actions.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { awaitRelease, type AwaitedRelease } from './await-release.ts'
import { matchOfSubmitted, type Match } from './near-duplicates.ts'
import { decideAndSave, type ActRequest, type Wanted } from './decide-and-save.ts'

export interface DoneAct extends AwaitedRelease {
  /** It waits for a second person; readers notice nothing. */
  readonly proposal: boolean
  /** The headline was submitted, and this other one says the same. */
  readonly match?: Match
}

/** Errors: Problem, UnavailableError. */
export function postHeadline(deps: ApiDeps, request: ActRequest, headline: NewHeadline): Promise<DoneAct> {
  return carryOut(deps, request, { kind: 'post', headline })
}

/** `expected`: the version that the caller has seen. Errors: Problem, UnavailableError. */
export function actOnHeadline(
  deps: ApiDeps,
  request: ActRequest,
  expected: number | 'any',
  wishOn: (record: HeadlineRecord) => Wish,
): Promise<DoneAct> {
  return carryOut(deps, request, { kind: 'act', expected, wishOn })
}

async function carryOut(deps: ApiDeps, request: ActRequest, wanted: Wanted): Promise<DoneAct> {
  const { feed, id } = request
  const begunMs = deps.clock()
  // Before saving: a worker may release the change before Redis has answered us.
  const expected = deps.releases.expect(feed, id)
  try {
    const saved = await decideAndSave(deps, request, wanted)
    const released = await awaitRelease(deps, feed, saved, expected)
    if (saved.kind === 'saved' && released.position !== null) {
      deps.metrics.acceptSeconds.observe((deps.clock() - begunMs) / 1_000)
    }
    const proposal = saved.kind === 'repeated' ? await wasProposal(deps, feed, released) : saved.proposal
    const match = released.status === 'pending' ? await matchOf(deps, request) : undefined
    return { ...released, proposal, ...(match && { match }) }
  } finally {
    expected.close()
  }
}

/** The headline is submitted already, so a failure is no reason to answer with a problem. */
async function matchOf({ store }: ApiDeps, { feed, id, force }: ActRequest): Promise<Match | undefined> {
  if (force) return undefined
  try {
    const [{ policy }, now] = await Promise.all([readPolicy(store, feed), readTime(store)])
    const { duplicateWithinMs: withinMs } = policy
    return withinMs > 0 ? await matchOfSubmitted(store, { feed, id, sinceMs: now - withinMs }) : undefined
  } catch (error) {
    if (error instanceof UnavailableError) return undefined
    throw error
  }
}

/**
 * Whether readers do not get the note of a removal. The removal has taken effect, so a failure is no reason to answer with
 * a problem.
 */
export async function keepsNote(deps: ApiDeps, feed: string, { id, version }: DoneAct): Promise<boolean> {
  try {
    const saved = (await readLine(deps, feed, id))?.versions[version - 1]
    return saved !== undefined && saved.content?.note === undefined
  } catch (error) {
    if (error instanceof UnavailableError || error instanceof ArchiveError) return false
    throw error
  }
}

/** A proposal is saved as a version of a released headline without a text of its own. */
async function wasProposal(deps: ApiDeps, feed: string, { id, version }: AwaitedRelease): Promise<boolean> {
  const saved = (await readLine(deps, feed, id))?.versions[version - 1]
  return saved !== undefined && isOfKind('writes', saved.action) && saved.content === undefined
}
