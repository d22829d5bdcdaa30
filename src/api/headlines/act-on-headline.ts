import type { NewHeadline, Wish } from '../../desk/decision.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { readHeadline, type HeadlineRecord } from '../../eventlog/read-headline.ts'
import { isOfKind } from '../../protocol/lists/actions.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { awaitRelease, type AwaitedRelease } from './await-release.ts'
import { decideAndSave, type ActRequest, type Wanted } from './decide-and-save.ts'

export interface DoneAct extends AwaitedRelease {
  /** It waits for a second person; readers notice nothing. */
  readonly proposal: boolean
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
    const proposal =
      saved.kind === 'repeated' ? await wasProposal(deps.store, feed, released) : saved.proposal
    return { ...released, proposal }
  } finally {
    expected.close()
  }
}

/** A proposal is saved as a version of a released headline without a text of its own. */
async function wasProposal(store: Store, feed: string, { id, version }: AwaitedRelease): Promise<boolean> {
  const saved = (await readHeadline(store, feed, id))?.versions[version - 1]
  return saved !== undefined && isOfKind('writes', saved.action) && saved.content === undefined
}
