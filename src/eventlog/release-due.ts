import type { Store } from './store/store.ts'
import { newEpoch } from './feeds/feeds.ts'
import { USUAL_DRIFT_MS } from './feeds/policy.ts'
import type { LogHead } from './read-log.ts'

/** Changes that one script run takes, so that Redis answers others in between. */
const BATCH = 128

export interface Released {
  readonly head: LogHead
  /** Events released by this call. */
  readonly count: number
  /** The log had lost the witnessed entry, and a new epoch began. */
  readonly forked: boolean
  /** Acts on lines of a story that are not yet told to the story's other lines: see flagSiblings. */
  readonly storyTodo: number
}

/**
 * Releases all that is due in a feed, in due and accept order; see lua/release-due.lua. Safe to call by anybody
 * at any time. `witness` is the newest head that the caller knows to have existed. Errors: UnavailableError.
 */
export async function releaseDue(
  store: Store,
  feed: string,
  witness?: LogHead,
): Promise<Released | 'no-feed'> {
  let count = 0
  let forked = false
  for (;;) {
    const reply = await releaseBatch(store, feed, witness)
    if (reply[0] === 'no-feed') return 'no-feed'
    const [outcome, released, epoch, seq, chain, state, storyTodo] = reply
    count += Number(released)
    forked ||= state === 'forked'
    if (outcome === 'done') {
      const head = { epoch: String(epoch), seq: Number(seq), chain: String(chain) }
      return { head, count, forked, storyTodo: Number(storyTodo) }
    }
  }
}

async function releaseBatch(store: Store, feed: string, witness?: LogHead): Promise<(string | number)[]> {
  const keys = store.keys.feed(feed)
  const reply = await store.scripts['release-due'](
    [
      keys.definition,
      keys.head,
      keys.policy,
      keys.log,
      keys.states,
      keys.versions,
      keys.changes,
      keys.due,
      keys.strip,
      keys.places,
      keys.released,
      keys.storyTodo,
      keys.audit,
      keys.auditHead,
      keys.status(''),
    ],
    [
      keys.live,
      keys.desk,
      BATCH,
      store.keptEvents,
      USUAL_DRIFT_MS,
      newEpoch(),
      witness?.epoch ?? '',
      witness?.seq ?? 0,
      witness?.chain ?? '',
    ],
  )
  return reply as (string | number)[]
}
