import { auditEntryOf, readAuditHead, type AuditEntry } from '../../eventlog/audit/read-audit.ts'
import { entryBefore } from './entry-before.ts'
import { readAuditPage } from './read-audit-page.ts'
import { LOOK_BACK_MS } from './read-as-run.ts'
import type { Sources } from './sources.ts'

const BATCH = 500
/** Protects the memory of the process; the oldest reports of a feed are dropped first. */
const MOST_KEPT = 5_000

interface Kept {
  /** The last entry that was read. */
  readonly n: number
  readonly chain: string
  readonly reports: readonly AuditEntry[]
}

/** The reports of outputs on air in the last two days, by feed. They are kept, so each read takes only what is new. */
export class RecentReports {
  readonly #sources: Sources
  readonly #kept = new Map<string, Kept>()
  readonly #reads = new Map<string, Promise<readonly AuditEntry[]>>()

  constructor(sources: Sources) {
    this.#sources = sources
  }

  /** Oldest first. `now`: ms since 1970. Errors: UnavailableError, ArchiveError. */
  read(feed: string, now: number): Promise<readonly AuditEntry[]> {
    const running = this.#reads.get(feed)
    if (running) return running
    const read = this.#readOn(feed, now).finally(() => this.#reads.delete(feed))
    this.#reads.set(feed, read)
    return read
  }

  async #readOn(feed: string, now: number): Promise<readonly AuditEntry[]> {
    const since = now - LOOK_BACK_MS
    let { n, chain, reports } = (await this.#stillTrue(feed)) ?? (await this.#begin(feed, since))
    for (;;) {
      const { entries } = await readAuditPage(this.#sources, feed, n, BATCH)
      const last = entries.at(-1)
      if (!last) break
      reports = [...reports, ...entries.flatMap(reportOf)]
      ;({ n, chain } = last)
    }
    reports = reports.filter(({ at }) => Date.parse(at) >= since).slice(-MOST_KEPT)
    this.#kept.set(feed, { n, chain, reports })
    return reports
  }

  /** After a restore from an older copy the audit has other entries under these numbers. */
  async #stillTrue(feed: string): Promise<Kept | undefined> {
    const kept = this.#kept.get(feed)
    if (!kept) return undefined
    if (kept.n === 0) return kept
    const [entry] = (await readAuditPage(this.#sources, feed, kept.n - 1, 1)).entries
    return entry?.n === kept.n && entry.chain === kept.chain ? kept : undefined
  }

  async #begin(feed: string, since: number): Promise<Kept> {
    const { n: newest } = await readAuditHead(this.#sources.store, feed)
    const n = await entryBefore(this.#sources, feed, since, { after: 0, newest })
    return { n, chain: '', reports: [] }
  }
}

function reportOf({
  n,
  chain,
  json,
}: {
  readonly n: number
  readonly chain: string
  readonly json?: string | undefined
}) {
  const entry = json === undefined ? undefined : auditEntryOf({ n, chain, json })
  return entry?.action === 'on-air' ? [entry] : []
}
