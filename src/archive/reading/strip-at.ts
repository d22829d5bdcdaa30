import { readHeads } from '../../eventlog/read-log.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { fold, inOrder, stripOf, type Strip } from '../../protocol/fold.ts'
import type { EventFrame } from '../../protocol/frames.ts'
import type { LiveHeadline } from '../../protocol/headline.ts'
import { formatPosition } from '../../protocol/position.ts'
import type { Archive, ArchivedEvent, NewEvent, StoredStrip } from '../archive.ts'
import { archivedBetween, recentEvents, seqOf } from '../log-events.ts'
import { findBorder, type Border } from './find-border.ts'

export type StripAt =
  | {
      readonly kind: 'known'
      readonly position: string
      readonly strip: readonly LiveHeadline[]
      /** The words of a headline of that time are erased: where it showed, it is left out. */
      readonly erased: boolean
    }
  /** `earliest`: the first moment of which the strip is known, in ms; undefined: none is. */
  | { readonly kind: 'too-early'; readonly earliest: number | undefined }

/** The strip of a feed as it stood at a moment (ms). Errors: UnavailableError, ArchiveError. */
export async function readStripAt(
  store: Store,
  archive: Archive,
  feed: string,
  at: number,
): Promise<StripAt> {
  const border = await findBorder(store, archive, feed)
  const last = await archive.readEventAt(feed, at)
  const isPast = border.newest !== undefined && last?.number !== border.newest.number
  const recent = isPast ? [] : await recentThrough(store, feed, border, at)
  const history = await withArchived(archive, feed, recent, last)
  if (!history) return { kind: 'too-early', earliest: await earliestKnown(archive, feed) }
  const { events, stored } = history
  const newest = events.at(-1)
  const position = newest?.position ?? stored?.position ?? (await positionBefore(store, archive, feed))
  if (position === undefined) return { kind: 'too-early', earliest: await earliestKnown(archive, feed) }
  return { kind: 'known', position, ...replay(stored?.lines ?? [], events) }
}

/** The events of the log in Redis up to a moment that still count. */
async function recentThrough(
  store: Store,
  feed: string,
  { newest, after }: Border,
  at: number,
): Promise<NewEvent[]> {
  const events: NewEvent[] = []
  // Not by each event's own time: the clock may have been set back.
  let released = newest?.at ?? 0
  for await (const event of recentEvents(store, feed, after)) {
    released = Math.max(released, event.at)
    if (released > at) break
    events.push(event)
  }
  return surviving(events)
}

interface History {
  /** Oldest first. */
  readonly events: readonly NewEvent[]
  /** The strip before them, and the position that it stands for; undefined: it was empty. */
  readonly stored: (StoredStrip & { readonly position: string }) | undefined
}

/**
 * The events since the newest stored strip that counts at the end of `recent`; undefined: no such strip is known. After a
 * loss in Redis the log goes on from an earlier seq: the events from this seq on do not count any more, and neither does a
 * strip that was stored after them.
 */
async function withArchived(
  archive: Archive,
  feed: string,
  recent: readonly NewEvent[],
  last: ArchivedEvent | undefined,
): Promise<History | undefined> {
  let events = [...recent]
  let through = last?.number ?? 0
  while (through > 0) {
    const strip = await archive.readStoredStrip(feed, through)
    const from = strip ? strip.number - 1 : 0
    const before = firstSeq(events)
    const counting = surviving(await archivedBetween(archive, feed, from, through)).filter(
      (event) => seqOf(event) < before,
    )
    const [own] = counting
    if (strip && own?.number === strip.number)
      return { events: [...counting.slice(1), ...events], stored: { ...strip, position: own.position } }
    events = [...counting, ...events]
    through = strip ? strip.number - 1 : 0
  }
  const isWhole = events.length === 0 ? last === undefined : firstSeq(events) === 1
  return isWhole ? { events, stored: undefined } : undefined
}

function lastSeq(events: readonly NewEvent[]): number {
  const last = events.at(-1)
  return last ? seqOf(last) : 0
}

function firstSeq([first]: readonly NewEvent[]): number {
  return first ? seqOf(first) : Infinity
}

/** Without the events that a later one with the same or a lower seq has replaced. */
function surviving<E extends NewEvent>(events: readonly E[]): E[] {
  const kept: E[] = []
  for (const event of events) {
    while (lastSeq(kept) >= seqOf(event)) kept.pop()
    kept.push(event)
  }
  return kept
}

function replay(
  lines: readonly string[],
  events: readonly NewEvent[],
): { strip: LiveHeadline[]; erased: boolean } {
  const stored = lines.map((line) => JSON.parse(line) as LiveHeadline)
  const whole = stored.filter((line) => 'text' in line)
  let strip: Strip = stripOf(whole)
  let erased = whole.length < stored.length
  for (const { frame, headline } of events) {
    if (frame === undefined) {
      erased = true
      strip = new Map([...strip].filter(([id]) => id !== headline))
    } else strip = fold(strip, JSON.parse(frame) as EventFrame)
  }
  return { strip: inOrder(strip), erased }
}

/** The position before the first event of the log; undefined: the first event is not known. */
async function positionBefore(store: Store, archive: Archive, feed: string): Promise<string | undefined> {
  const [[archived], [head]] = await Promise.all([archive.readEvents(feed, {}, 1), readHeads(store, [feed])])
  let first: NewEvent | undefined = archived
  if (!first) for await (first of recentEvents(store, feed, 0)) break
  if (first) return seqOf(first) === 1 ? first.position.replace(/:1$/, ':0') : undefined
  return head?.seq === 0 ? formatPosition(head) : undefined
}

/** A log that was trimmed before it was copied first: the first stored strip is the beginning. */
async function earliestKnown(archive: Archive, feed: string): Promise<number | undefined> {
  const [newest, [oldest]] = await Promise.all([
    archive.readNewestEvent(feed),
    archive.readEvents(feed, {}, 1),
  ])
  if (!newest || !oldest || !(await archive.readStoredStrip(feed, newest.number))) return undefined
  let [low, high] = [oldest.number, newest.number]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (await archive.readStoredStrip(feed, middle)) high = middle
    else low = middle + 1
  }
  const [first] = await archive.readEvents(feed, { after: low - 1 }, 1)
  return first?.at
}
