import type { EventLog } from '../../eventlog/log.ts'
import { releaseDue } from '../../eventlog/release-due.ts'
import type { Subscriptions } from '../../fanout/subscriptions.ts'
import { parseWitness, type Witness } from '../../fanout/witness-channel.ts'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'

interface Deps {
  readonly log: EventLog
  readonly logger: Logger
}

/**
 * Begins a new epoch where a gateway holds events that the log has lost. Any number of processes may listen: the
 * log forks once. Settles when Redis has confirmed the subscription.
 */
export async function healForks(deps: Deps, subscriptions: Subscriptions): Promise<void> {
  await subscriptions.subscribePattern(deps.log.keys.feed('*').witness, (payload) => {
    const witness = parseWitness(payload)
    if (witness) void heal(deps, witness)
  })
}

async function heal({ log, logger }: Deps, { feed, head, lost }: Witness): Promise<void> {
  try {
    const released = await releaseDue(log, feed, head)
    if (released === 'no-feed' || !released.forked) return
    logger.error({ event: 'log-forked', feed, witness: head, head: released.head, lost })
  } catch (error) {
    // The gateway says it again at its next check.
    logger.warn({ event: 'log-fork-unhealed', feed, error: messageOf(error) })
  }
}
