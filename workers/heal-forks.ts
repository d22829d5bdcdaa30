import { setTimeout as pause } from 'node:timers/promises'
import { releaseDue } from '../src/eventlog/release-due.ts'
import type { Subscriptions } from '../src/fanout/subscriptions.ts'
import { isSigned, pieceOf } from '../src/eventlog/store/mark.ts'
import { readHeads } from '../src/eventlog/read-log.ts'
import { parseMarkProof, type MarkProof } from '../src/fanout/mark-proof.ts'
import { parseWitness, type Witness } from '../src/fanout/witness.ts'
import { messageOf } from '../src/platform/errors.ts'
import { recoverReportedHeadlines, type RecoverDeps } from './recover-reported-headlines.ts'

/** The apis repeat their own acts first, since their memory is proof, and a gateway's word is not. */
const APIS_FIRST_MS = 1_200
/** Losses that are remembered as handled; gateways repeat a report for seconds. */
const MOST_HANDLED = 1_000

export interface HealDeps extends RecoverDeps {
  /** In a process with the api: recovers the acts that this process has accepted and the storage has lost. Never fails. */
  readonly recoverOwnActs?: (feed: string) => Promise<void>
}

/**
 * Begins a new epoch in a feed whose log has lost events that a gateway holds, or that a reader has shown to exist, and
 * puts the lost headlines to the desk. Any number of processes may listen: the script begins one epoch only. Settles when
 * Redis has confirmed the subscription.
 */
export async function healForks(deps: HealDeps, subscriptions: Subscriptions): Promise<void> {
  const handled = new Set<string>()
  await subscriptions.subscribePattern(deps.store.keys.feed('*').witness, (payload) => {
    const witness = parseWitness(payload)
    if (witness) void heal(deps, witness, handled)
    const proof = parseMarkProof(payload)
    if (proof) void healProven(deps, proof)
  })
}

async function heal(deps: HealDeps, witness: Witness, handled: Set<string>): Promise<void> {
  const { store, logger, recoverOwnActs } = deps
  const { feed, head, lost } = witness
  try {
    // Before the new epoch: the strip that readers are sent with it then lacks the withdrawn headlines.
    await recoverOwnActs?.(feed)
    const released = await releaseDue(store, feed, head)
    if (released === 'no-feed') return
    if (released.forked) {
      const named = lost.map(({ position, op, id, version }) => ({ position, op, id, version }))
      logger.error({ event: 'log-forked', feed, witness: head, head: released.head, lost: named })
    }
    // In the epoch of the witness, the log has its events.
    if (released.head.epoch !== head.epoch) await handleOnce(deps, witness, handled)
  } catch (error) {
    // The gateway publishes its witness again at its next tail check.
    logger.warn({ event: 'log-fork-unhealed', feed, error: messageOf(error) })
  }
}

async function handleOnce(deps: HealDeps, witness: Witness, handled: Set<string>): Promise<void> {
  const { feed, lost } = witness
  const loss = `${feed} ${lost.at(-1)?.position} ${lost.length}`
  if (lost.length === 0 || handled.has(loss)) return
  handled.add(loss)
  const [oldest] = handled
  if (handled.size > MOST_HANDLED && oldest !== undefined) handled.delete(oldest)
  await pause(APIS_FIRST_MS)
  if (!(await recoverReportedHeadlines(deps, witness))) handled.delete(loss)
}

/** The mark is checked here again, since a gateway is not trusted; the script compares it with the log. */
async function healProven({ store, logger }: HealDeps, { feed, proof }: MarkProof): Promise<void> {
  const { epoch, seq, mark } = proof
  try {
    const [head] = await readHeads(store, [feed])
    if (!head?.markKey || !isSigned(head.markKey.secret, proof, mark)) return
    const released = await releaseDue(store, feed, { epoch, seq, chain: pieceOf(mark) })
    if (released === 'no-feed' || !released.forked) return
    logger.error({ event: 'log-forked', feed, reader: proof, head: released.head })
  } catch (error) {
    // The gateway publishes the proof of the next reader.
    logger.warn({ event: 'log-fork-unhealed', feed, error: messageOf(error) })
  }
}
