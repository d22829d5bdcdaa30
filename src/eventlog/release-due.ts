import type { EventLog } from './log.ts'
import { newEpoch } from './feeds.ts'
import type { LogHead } from './read-log.ts'

/** Changes that one script run takes, so that Redis answers others in between. */
const BATCH = 128

export interface Released {
  readonly head: LogHead
  /** Events released by this call. */
  readonly count: number
  /** The log had lost the witnessed entry, and a new epoch began. */
  readonly forked: boolean
}

/**
 * Releases all that is due in a feed, in due and accept order; see lua/release-due.lua. Safe to call by anybody
 * at any time. `witness` is the newest head that the caller knows to have existed. Errors: UnavailableError.
 */
export async function releaseDue(
  log: EventLog,
  feed: string,
  witness?: LogHead,
): Promise<Released | 'no-feed'> {
  let count = 0
  let forked = false
  for (;;) {
    const reply = await releaseBatch(log, feed, witness)
    if (reply[0] === 'no-feed') return 'no-feed'
    const [outcome, released, epoch, seq, chain, state] = reply
    count += Number(released)
    forked ||= state === 'forked'
    if (outcome === 'done') {
      return { head: { epoch: String(epoch), seq: Number(seq), chain: String(chain) }, count, forked }
    }
  }
}

async function releaseBatch(log: EventLog, feed: string, witness?: LogHead): Promise<(string | number)[]> {
  const keys = log.keys.feed(feed)
  const reply = await log.scripts['release-due'](
    [
      keys.definition,
      keys.head,
      keys.log,
      keys.states,
      keys.versions,
      keys.changes,
      keys.due,
      keys.strip,
      keys.places,
    ],
    [
      keys.live,
      BATCH,
      log.keptEvents,
      newEpoch(),
      witness?.epoch ?? '',
      witness?.seq ?? 0,
      witness?.chain ?? '',
    ],
  )
  return reply as (string | number)[]
}
