import { Problem } from '../../platform/problem.ts'
import { filterKey, type Filter } from '../../protocol/filter.ts'
import { formats } from '../../protocol/lists/formats.ts'
import { documentPath } from '../../syndication/addresses.ts'
import { writeDocument } from '../../syndication/write-document.ts'
import type { DocumentSource } from '../../syndication/document-source.ts'
import type { Hub } from '../readers/hub.ts'
import { StoredDocument } from './stored-document.ts'
import type { DocumentTarget, WantedDocument } from './document-target.ts'

/** Limits the documents of a feed in memory: a reader may ask for each headline, under many names of this server. */
const MAX_BYTES = 8 * 1024 * 1024
/** The same by their number: small ones, of filters for instance, take more memory than their bytes. */
const MOST_DOCUMENTS = 1_000
/** Withdrawn headlines are named in documents for so long. Redis keeps them at least as long. */
const WITHDRAWN_KEPT_MS = 30 * 86_400_000

export interface DocumentSettings {
  /** Address of the licence, in RSL. */
  readonly licence: string | undefined
  /** Headers of every document, names and values in turn. */
  readonly headers: readonly string[]
}

/** The documents of one feed, each made once for each version of the feed. */
export class FeedDocuments {
  readonly #hub: Hub
  readonly #settings: DocumentSettings
  readonly #documents = new Map<string, StoredDocument>()
  #bytes = 0
  #logRevision = -1
  #takenBackRevision = -1
  #title: Hub['title'] | undefined
  /** When another presentation of the feed came: it changes documents without an event. */
  #presentedAt = 0

  constructor(hub: Hub, settings: DocumentSettings) {
    this.#hub = hub
    this.#settings = settings
  }

  /**
   * Errors: Problem `feed-loading`, `no-such-headline`.
   *
   * @param filter the one that is wanted, within that of the partner
   */
  document(
    { headline }: DocumentTarget,
    wanted: WantedDocument,
    site: string,
    filter = wanted.filter,
  ): StoredDocument {
    this.#refresh()
    const narrowed = filter === wanted.filter ? '' : filterKey(filter)
    const key = `${wanted.key} ${headline} ${site} ${narrowed}`
    const held = this.#documents.get(key)
    if (held) return held
    if (this.#bytes > MAX_BYTES || this.#documents.size >= MOST_DOCUMENTS) this.#clear()
    const made = this.#make(wanted, headline, site, filter)
    this.#documents.set(key, made)
    this.#bytes += made.size
    return made
  }

  #make(wanted: WantedDocument, headline: string | undefined, site: string, filter: Filter): StoredDocument {
    const { format, projection, correctionItems } = wanted
    // A partner's own filter is not in the address.
    const address = { format, headline, projection, correctionItems, filter: wanted.filter }
    const self = documentPath(this.#hub.title, address)
    const source = { ...this.#source(headline, filter), site, self, correctionItems }
    const text = writeDocument(format, source, projection)
    const changedAt = Math.max(Date.parse(source.changedAt), this.#presentedAt)
    return new StoredDocument(text, {
      type: formats[format].type,
      changedAt,
      headers: this.#settings.headers,
    })
  }

  #source(headline: string | undefined, filter: Filter): Omit<DocumentSource, 'site' | 'self'> {
    const hub = this.#hub
    const known = hub.takenBack.lines
    // A document without what was taken back would be a short one: a reader would keep the words.
    if (!known) throw new Problem('feed-loading')
    const oldest = new Date(hub.now() - WITHDRAWN_KEPT_MS).toISOString()
    const isWanted = ({ id }: { readonly id: string }) => headline === undefined || id === headline
    const lines = hub.view(filter).strip().filter(isWanted)
    // The index does not know which filter they pass, and a reader may hold the words of any.
    const takenBack = [...known.values()].filter(
      (line) => isWanted(line) && (line.status !== 'withdrawn' || line.updatedAt >= oldest),
    )
    const isThere = lines.length > 0 || takenBack.some(({ status }) => status !== 'live')
    if (headline !== undefined && !isThere) throw new Problem('no-such-headline')
    const changedAt = hub.log.newestAt ?? newest([...lines, ...takenBack])
    return {
      feed: hub.title,
      own: hub.presentation,
      lines,
      takenBack,
      changedAt,
      licence: this.#settings.licence,
    }
  }

  #refresh(): void {
    const { log, takenBack, title } = this.#hub
    if (this.#title !== title) {
      if (this.#title !== undefined) this.#presentedAt = this.#hub.now()
      this.#title = title
      this.#clear()
    }
    if (this.#logRevision === log.revision && this.#takenBackRevision === takenBack.revision) return
    this.#logRevision = log.revision
    this.#takenBackRevision = takenBack.revision
    this.#clear()
  }

  #clear(): void {
    this.#documents.clear()
    this.#bytes = 0
  }
}

/** The time of a feed without an event. */
const NEVER = new Date(0).toISOString()

function newest(lines: readonly { readonly updatedAt: string }[]): string {
  return (
    lines
      .map(({ updatedAt }) => updatedAt)
      .sort()
      .at(-1) ?? NEVER
  )
}
