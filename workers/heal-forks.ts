import type { Store } from '../src/eventlog/store/store.ts'
import { releaseDue } from '../src/eventlog/release-due.ts'
import type { Subscriptions } from '../src/fanout/subscriptions.ts'
import { parseWitness, type Witness } from '../src/fanout/witness.ts'
import { messageOf } from '../src/platform/errors.ts'
import type { Logger } from '../src/platform/logger.ts'

interface HealDeps {
  readonly store: Store
  readonly logger: Logger
}

/**
 * Begins a new epoch in a feed whose log has lost events that a gateway holds. Any number of processes may listen: the
 * script begins one epoch only. Settles when Redis has confirmed the subscription.
 */
export async function healForks(deps: HealDeps, subscriptions: Subscriptions): Promise<void> {
  await subscriptions.subscribePattern(deps.store.keys.feed('*').witness, (payload) => {
    const witness = parseWitness(payload)
    if (witness) void heal(deps, witness)
  })
}

async function heal({ store, logger }: HealDeps, { feed, head, lost }: Witness): Promise<void> {
  try {
    const released = await releaseDue(store, feed, head)
    if (released === 'no-feed' || !released.forked) return
    logger.error({ event: 'log-forked', feed, witness: head, head: released.head, lost })
  } catch (error) {
    // The gateway publishes its witness again at its next tail check.
    logger.warn({ event: 'log-fork-unhealed', feed, error: messageOf(error) })
  }
}
