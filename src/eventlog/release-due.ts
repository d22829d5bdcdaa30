import type { Store } from './store/store.ts'
import { newEpoch, readFeed } from './feeds/feeds.ts'
import { DEFAULT_BREAKING_MS, DEFAULT_DRIFT_MS } from './feeds/policy.ts'
import { newMarkSecret } from './store/mark.ts'
import type { LogHead } from './read-log.ts'

/** Changes that one script run releases at most, so that Redis can serve other clients between two runs. */
const BATCH = 128
/**
 * In a feed that an earlier version has made, gateways send no marks for so long after the upgrade began: gateways of
 * that version refuse them, and some of these may still run.
 */
const UNMARKED_MS = 86_400_000

export interface ReleaseOutcome {
  readonly head: LogHead
  /** Events released by this call. */
  readonly count: number
  /** The log has lost the witnessed entry, and a new epoch has begun. */
  readonly forked: boolean
  /** Acts for which flagSiblings still has to flag the other headlines of the story. */
  readonly storyTodo: number
}

/**
 * Releases all changes of a feed that are due, in due and accept order; see lua/release-due.lua. Any process may call
 * it at any time. A damaged change and a refused channel go to the store's faults. `witness` is the newest head that the
 * caller knows to have existed; the beginning of its chain is enough. Errors: UnavailableError.
 */
export async function releaseDue(
  store: Store,
  feed: string,
  witness?: LogHead,
): Promise<ReleaseOutcome | 'no-feed'> {
  let count = 0
  let forked = false
  for (;;) {
    const reply = await releaseBatch(store, feed, witness)
    if (reply[0] === 'no-feed') return 'no-feed'
    const [outcome, released, epoch, seq, chain, history, storyTodo, refusedChannel, damaged, definition] =
      reply
    noteFaults(store, feed, String(refusedChannel), String(damaged))
    // Names the damage.
    if (definition === 'damaged') await readFeed(store, feed).catch(() => undefined)
    count += Number(released)
    forked ||= history === 'forked'
    if (outcome === 'done') {
      const head = { epoch: String(epoch), seq: Number(seq), chain: String(chain) }
      return { head, count, forked, storyTodo: Number(storyTodo) }
    }
  }
}

function noteFaults({ keys, faults }: Store, feed: string, refusedChannel: string, damaged: string): void {
  // The rights are the same in every feed.
  const anyFeed = refusedChannel.replace(`{${feed}}`, '{*}')
  if (refusedChannel !== '') faults.found('channel', anyFeed, 'Redis refuses to publish')
  const { changes } = keys.feed(feed)
  if (damaged === '') faults.mended('record', changes)
  else faults.found('record', changes, `the change ${damaged} or its headline cannot be read`)
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
      keys.duties,
      keys.takenBack,
    ],
    [
      keys.live,
      keys.desk,
      BATCH,
      store.keptEvents,
      DEFAULT_DRIFT_MS,
      newEpoch(),
      witness?.epoch ?? '',
      witness?.seq ?? 0,
      witness?.chain ?? '',
      newMarkSecret(),
      UNMARKED_MS,
      feed,
      JSON.stringify(DEFAULT_BREAKING_MS),
    ],
  )
  return reply as (string | number)[]
}
