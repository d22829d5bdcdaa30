import type { RememberedHeadline } from '../../desk/recovery.ts'
import type { AuditHead } from '../../eventlog/audit/read-audit.ts'
import type { Act } from '../../eventlog/store/act.ts'

/** Memory for the acts of a busy newsroom: about 2 KB each. */
const MOST_ACTS = 5_000
/** A failover loses seconds, a backup that is restored by mistake minutes. */
const KEPT_MS = 3_600_000

/** An act that this process has accepted, and the headline after it. */
export interface AcceptedAct {
  readonly feed: string
  readonly id: string
  readonly act: Act
  /** Time of the acceptance in ms, by Redis's clock. */
  readonly at: number
  /** Its entry in the audit: the act is lost when the audit does not have it. */
  readonly audited: AuditHead
  readonly headline: RememberedHeadline
}

interface FeedActs {
  /** Oldest first. */
  acts: AcceptedAct[]
  /** As many acts from the first on were in the audit at the last check. */
  proven: number
}

/**
 * The acts that this process has accepted lately, feed by feed. A process that is restarted has none. The newest proven
 * act stands for all before it, since each hash of the audit covers the entries before.
 */
export class AcceptedActs {
  readonly #feeds = new Map<string, FeedActs>()
  #count = 0

  note(act: AcceptedAct): void {
    const feed = this.#feeds.get(act.feed) ?? { acts: [], proven: 0 }
    this.#feeds.set(act.feed, feed)
    feed.acts.push(act)
    this.#count++
    const begin = act.at - KEPT_MS
    while ((feed.acts[0]?.at ?? begin) < begin) this.#drop(feed)
    // The feed with the most acts gives one up, so that a busy feed does not take the memory of the others.
    if (this.#count > MOST_ACTS) this.#drop(this.#largest())
  }

  feeds(): string[] {
    return [...this.#feeds.keys()]
  }

  /** The acts whose entries are to be looked up: the newest proven one, and all after it. */
  unproven(feedId: string): readonly AcceptedAct[] {
    const { acts, proven } = this.#of(feedId)
    return acts.slice(Math.max(0, proven - 1))
  }

  all(feedId: string): readonly AcceptedAct[] {
    return [...this.#of(feedId).acts]
  }

  /** `seen`: the answer of `unproven` or `all`, none of which is lost. Later acts stay unproven. */
  prove(feedId: string, seen: readonly AcceptedAct[]): void {
    const feed = this.#of(feedId)
    const newest = seen.at(-1)
    if (newest) feed.proven = feed.acts.lastIndexOf(newest) + 1
  }

  forget(feedId: string, forgotten: ReadonlySet<AcceptedAct>): void {
    const feed = this.#of(feedId)
    this.#count -= feed.acts.length
    feed.acts = feed.acts.filter((act) => !forgotten.has(act))
    this.#count += feed.acts.length
    feed.proven = 0
  }

  #of(feedId: string): FeedActs {
    return this.#feeds.get(feedId) ?? { acts: [], proven: 0 }
  }

  #drop(feed: FeedActs): void {
    feed.acts.shift()
    feed.proven = Math.max(0, feed.proven - 1)
    this.#count--
  }

  #largest(): FeedActs {
    return [...this.#feeds.values()].reduce((most, feed) =>
      feed.acts.length > most.acts.length ? feed : most,
    )
  }
}
