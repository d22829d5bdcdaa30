import { drillWord } from '../protocol/drill-word.ts'
import type { LiveHeadline } from '../protocol/headline.ts'
import type { TakenBack } from '../protocol/taken-back.ts'
import { guidOf, pageOf } from './addresses.ts'
import type { DocumentSource } from './document-source.ts'
import { documentWords, type DocumentWords } from './document-words.ts'

/** One item of a document, whatever the format. */
export interface Item {
  readonly guid: string
  /** Id of the headline. */
  readonly headline: string
  readonly version: number
  readonly kind: 'headline' | 'correction' | 'held' | 'withdrawn'
  readonly title: string
  readonly link: string
  /** The release of the first version: it never moves. */
  readonly published: string
  /** Moves only when readers see another item than before. */
  readonly updated: string
  /** A notice of a correction or an update, for persons. */
  readonly notice?: string
  /** The headline, while it shows. */
  readonly line?: LiveHeadline
}

/**
 * The items for readers: the headlines that show, those that are held, and those that were withdrawn, without their words. A
 * held headline stays, because a mail reader sends an item again that left and came back.
 */
export function itemsForReaders(source: DocumentSource): Item[] {
  const words = documentWords(source)
  const takenBack = new Map(source.takenBack.map((line) => [line.id, line]))
  // The index of headlines that were taken back may be newer than the strip, and never older.
  const showing = source.lines.filter(({ id, version }) => !isOut(takenBack.get(id), version))
  const out = source.takenBack.filter(
    ({ id, status }) => status !== 'live' && !showing.some((line) => line.id === id),
  )
  const headlines = showing.flatMap((line) => {
    const item = headlineItem(source, line, { words, resumed: takenBack.get(line.id)?.updatedAt })
    return source.correctionItems ? [...correctionItem(source, line, words), item] : [item]
  })
  const removed = out.map((line) => takenBackItem(source, line, words))
  return [...headlines, ...removed.sort((a, b) => b.published.localeCompare(a.published))]
}

/** A ticker that shows titles shows no more than these. */
const MOST_ON_SCREENS = 10

/** The items for screens that show titles: only headlines that may show now, the newest first. */
export function itemsForScreens(source: DocumentSource): Item[] {
  const out = new Map(source.takenBack.map((line) => [line.id, line]))
  return source.lines
    .filter(({ id, version }) => !isOut(out.get(id), version))
    .sort((a, b) => b.place - a.place)
    .slice(0, MOST_ON_SCREENS)
    .map((line) => headlineItem(source, line, { resumed: out.get(line.id)?.updatedAt }))
}

function isOut(taken: TakenBack | undefined, version: number): boolean {
  return taken !== undefined && taken.status !== 'live' && taken.version >= version
}

/** `words`: for a notice of corrections and updates. */
function headlineItem(
  source: DocumentSource,
  line: LiveHeadline,
  { words, resumed }: { words?: DocumentWords; resumed: string | undefined },
): Item {
  const notice = words && noticeOf(line, words)
  return {
    ...itemOf(source, line, 'headline'),
    title: withDrill(source, titleOf(line)),
    link: line.link ?? pageOf(source, line.id),
    updated: latest(line.publishedAt, line.corrected, line.refiled, resumed),
    ...(notice !== undefined && { notice }),
    line,
  }
}

/** Some readers show no change of an item that they have: a correction with a guid of its own is a new item to them. */
function correctionItem(source: DocumentSource, line: LiveHeadline, words: DocumentWords): Item[] {
  const { corrected, note } = line
  if (corrected === undefined) return []
  return [
    {
      ...itemOf(source, line, 'correction'),
      guid: `${guidOf(source.feed, line.id)}:correction:${Date.parse(corrected)}`,
      title: withDrill(source, `${words.correction}: ${titleOf(line)}`),
      link: line.link ?? pageOf(source, line.id),
      published: corrected,
      updated: latest(corrected, line.refiled),
      ...(note !== undefined && { notice: note }),
      line,
    },
  ]
}

function takenBackItem(source: DocumentSource, line: TakenBack, words: DocumentWords): Item {
  const kind = line.status === 'withdrawn' ? 'withdrawn' : 'held'
  return {
    ...itemOf(source, line, kind),
    title: withDrill(source, words[kind]),
    link: pageOf(source, line.id),
    updated: line.updatedAt,
  }
}

function itemOf(
  { feed }: DocumentSource,
  { id, version, publishedAt }: Pick<TakenBack, 'id' | 'version' | 'publishedAt'>,
  kind: Item['kind'],
) {
  return { guid: guidOf(feed, id), headline: id, version, kind, published: publishedAt }
}

function titleOf({ speaker, text }: LiveHeadline): string {
  return speaker === undefined ? text : `${speaker}: ${text}`
}

function noticeOf({ corrected, refiled, note }: LiveHeadline, words: DocumentWords): string | undefined {
  if (corrected !== undefined) return note === undefined ? words.corrected : `${words.corrected}: ${note}`
  return refiled === undefined ? undefined : words.updated
}

/** Each title of a drill says that it is one, because a reader may show nothing but titles. */
export function withDrill({ feed }: DocumentSource, title: string): string {
  return feed.drill ? `${drillWord(feed.lang).text}: ${title}` : title
}

function latest(...times: readonly (string | undefined)[]): string {
  return (
    times
      .filter((time) => time !== undefined)
      .sort()
      .at(-1) ?? ''
  )
}
