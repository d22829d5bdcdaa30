import { bringBackWhereMissing } from '../../archive/reading/bring-back.ts'
import type { Sources } from '../../archive/reading/sources.ts'
import { recoverRemembered } from '../../desk/recovery.ts'
import type { AuditHead } from '../../eventlog/audit/read-audit.ts'
import { findLostActs } from '../../eventlog/audit/find-lost-acts.ts'
import { recoverHeadline } from '../../eventlog/recover-headline.ts'
import { messageOf, UnavailableError } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { AcceptedAct, AcceptedActs } from './accepted-acts.ts'

const CHECK_MS = 1_000

export interface LostActsDeps extends Sources {
  readonly accepted: AcceptedActs
  readonly metrics: Metrics
  readonly logger: Logger
}

/**
 * Finds the acts that this process has accepted and that Redis has lost (a failover, a restored backup): every second,
 * when Redis is back, and when a gateway says that events are lost. It repeats removals with their actor, and puts lost
 * words to the desk. It publishes nothing.
 */
export class LostActs {
  readonly accepted: AcceptedActs
  readonly #deps: LostActsDeps
  readonly #checking = new Map<string, Promise<void>>()
  readonly #timer: NodeJS.Timeout
  readonly #onReady = () => void this.checkAll()

  constructor(deps: LostActsDeps) {
    this.accepted = deps.accepted
    this.#deps = deps
    this.#timer = setInterval(() => void this.checkAll(), CHECK_MS)
    deps.store.redis.on('ready', this.#onReady)
  }

  async checkAll(): Promise<void> {
    await Promise.all(this.#deps.accepted.feeds().map((feed) => this.check(feed)))
  }

  /** Settles when each lost act is recovered, or is left to the next check. Never fails. */
  check(feed: string): Promise<void> {
    const running = this.#checking.get(feed)
    if (running) return running
    const check = this.#check(feed)
      .catch((error: unknown) => {
        // While Redis is away, its connection logs that.
        if (error instanceof UnavailableError) return
        this.#deps.logger.error({ event: 'lost-acts-not-looked-up', feed, error: messageOf(error) })
      })
      .finally(() => this.#checking.delete(feed))
    this.#checking.set(feed, check)
    return check
  }

  close(): void {
    clearInterval(this.#timer)
    this.#deps.store.redis.off('ready', this.#onReady)
  }

  async #check(feed: string): Promise<void> {
    const { accepted, store } = this.#deps
    const unproven = accepted.unproven(feed)
    if (unproven.length === 0) return
    if ((await findLostActs(store, feed, entriesOf(unproven))).length === 0) {
      accepted.prove(feed, unproven)
      return
    }
    const all = accepted.all(feed)
    const lost = (await findLostActs(store, feed, entriesOf(all))).flatMap((place) => all[place] ?? [])
    // The newest act on a headline knows the headline as the acts before have left it.
    const newest = new Map(lost.map((act) => [act.id, act]))
    for (const act of newest.values()) {
      if (await this.#recover(act)) accepted.forget(feed, new Set(lost.filter(({ id }) => id === act.id)))
    }
  }

  /** False: it is to be tried again. */
  async #recover(lost: AcceptedAct): Promise<boolean> {
    const { store, accepted, logger, metrics } = this.#deps
    const { feed, id, act, audited, headline, at } = lost
    const { version, action } = headline
    const named = { feed, id, version, action, entry: audited.n }
    try {
      await bringBackWhereMissing(this.#deps, feed, id)
      const { repeated, flagged, saved } = await recoverHeadline(
        store,
        {
          ...{ feed, id, version, action, at, source: 'api', token: audited.chain },
          act: { ...act, repeats: audited.n },
        },
        (present) => recoverRemembered(headline, present),
      )
      if (repeated) metrics.actsRepeated.inc({ feed })
      if (flagged) metrics.lostLines.inc({ feed })
      logger.error({ event: 'act-lost', ...named, repeated, flagged })
      // Another failover may lose the repetition too.
      if (saved) {
        const { audited: entry, ...after } = saved
        accepted.note({ ...lost, audited: entry, headline: { ...headline, ...after } })
      }
      return true
    } catch (error) {
      logger.warn({ event: 'act-not-recovered', ...named, error: messageOf(error) })
      return false
    }
  }
}

function entriesOf(acts: readonly AcceptedAct[]): AuditHead[] {
  return acts.map(({ audited }) => audited)
}
