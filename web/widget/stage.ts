import type { Connection, FeedEvent, Headline, Status } from '../sdk/index.ts'
import { directionOf } from '../../src/protocol/direction-of.ts'
import { urgencyWord } from '../../src/protocol/line-words.ts'
import { clockText } from '../lines/time-text.ts'
import type { AfterEvents } from './after-events.ts'
import { everySecond } from './every-second.ts'
import {
  following,
  isPressing,
  linesShown,
  mostPressing,
  rank,
  readingMs,
  seenOf,
  stepped,
  type Mark,
} from './lines-shown.ts'
import type { Settings } from './settings.ts'
import { tickerView, type TickerView } from './ticker-view.ts'
import { english, type TickerWords } from './ticker-words.ts'

/** A pointer or the keyboard holds the lines for so long after its last movement or key. */
const HOLD_MS = 60_000

const darkness = matchMedia('(prefers-color-scheme: dark)')
const stillness = matchMedia('(prefers-reduced-motion: reduce)')

/** Lines are marked as unconfirmed after so long without a live connection. */
const UNCONFIRMED_MS = 3_000

/** The feed that a ticker shows: a connection, or only the status that says why there is none. */
export type Source = Pick<Connection, 'strip' | 'status' | 'feed'>

/** Calls from a stage to its element. */
export interface Notices {
  readonly onHide: (label: string) => void
  readonly onEmpty: (isEmpty: boolean) => void
}

/** Decides what one ticker shows and announces, and when. */
export class Stage {
  readonly #root: ShadowRoot
  readonly #view: TickerView
  #settings: Settings
  readonly #source: Source
  readonly #ended = new AbortController()
  #isPaused = false
  #isDue = false
  readonly #notices: Notices
  /** The last movement of the pointer, or the last key, in the lines. */
  #attendedAt = -Infinity
  /** The ids that showed when the hold began, and of the lines that came through it; undefined without a hold. */
  #held: Set<string> | undefined
  /** The highest place in the strip so far: lines above it are new. */
  #top: number | undefined
  /** The ids of the new lines that have not shown for their time, and whether they could interrupt another line. */
  readonly #unseen = new Map<string, boolean>()
  #lines: readonly Headline[] = []
  /** The lines that are or have been on the screen. */
  #seen: readonly Headline[] = []
  #mark: Mark = { id: '', index: 0 }
  /** For how long the current line has shown, without holds. */
  #shownMs = 0
  #tickedAt = performance.now()
  #isEmpty: boolean | undefined
  /** Loaded with the first event, since most pages are left before one comes. */
  #afterEvents: AfterEvents | undefined
  #loading: Promise<AfterEvents> | undefined
  /** The language of the words, and the feed's own digits and words. */
  #language = 'en,,,'
  /** undefined while the language is being loaded. */
  #words: TickerWords | undefined = english

  constructor(root: ShadowRoot, settings: Settings, source: Source, notices: Notices) {
    this.#root = root
    this.#notices = notices
    this.#settings = settings
    this.#source = source
    this.#view = tickerView(root, {
      onStep: (steps) => this.#step(steps),
      onPause: () => {
        this.#isPaused = !this.#isPaused
        this.show()
      },
      onHide: () => {
        const { show } = this.#words ?? english
        notices.onHide(`${show}: ${source.feed?.title ?? settings.feed}`)
      },
      onAttention: (isThere) => {
        this.#attendedAt = isThere ? performance.now() : -Infinity
        if (isThere && !this.#held) this.show()
      },
    })
    const { signal } = this.#ended
    for (const preference of [darkness, stillness])
      preference.addEventListener('change', this.show, { signal })
    signal.addEventListener(
      'abort',
      everySecond(() => this.#everySecond()),
    )
    this.show()
  }

  /** Takes changed settings of the same feed. */
  change(settings: Settings): void {
    this.#settings = settings
    this.#held = undefined
    this.show()
  }

  heard(event: FeedEvent): void {
    const { announce: floor, noticeMs } = this.#settings
    const { id, status } = event.headline
    const moment = { seen: noticeMs ? this.#seen : [], until: performance.now() + noticeMs, floor }
    const mark = this.#mark
    const follow = (after: AfterEvents): void => {
      after.hear(event, moment)
      // A notice shows for as long as a line does.
      if (status !== 'live' && id === mark.id) this.#goTo(mark)
      this.showSoon()
    }
    if (this.#afterEvents) follow(this.#afterEvents)
    else {
      // One promise keeps the order of the events: several imports of one part may end in another order.
      this.#loading ??= import('./after-events.ts').then(
        ({ AfterEvents }) => (this.#afterEvents = new AfterEvents(this.#view.say)),
      )
      void this.#loading.then(
        follow,
        // The next event tries again.
        () => (this.#loading = undefined),
      )
    }
    this.showSoon()
  }

  /** Shows once for all that comes at this moment: a strip, and the events that tell of withdrawn lines. */
  readonly showSoon = (): void => {
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => {
      if (this.#isDue && !this.#ended.signal.aborted) this.show()
    })
  }

  readonly show = (): void => {
    this.#isDue = false
    const { mode, max, dir, theme, lang } = this.#settings
    const { strip, feed, status } = this.#source
    this.#setLanguage(lang ?? feed?.lang ?? 'en', feed)
    const words = this.#words ?? english
    // A reader who prefers reduced motion gets one line at a time instead of moving lines.
    const shownMode = mode === 'crawl' && stillness.matches ? 'strip' : mode
    const hold = this.#hold
    this.#held = hold ? (this.#held ?? new Set(this.#lines.map(({ id }) => id))) : undefined
    const pressing = this.#newest(strip).filter((line) => this.#unseen.has(line.id) && isPressing(line))
    // A crawl stands still in a hold, so that no line can enter.
    if (hold === 'pointer' && shownMode !== 'crawl') for (const { id } of pressing) this.#held?.add(id)
    const { lines: live, waiting } = linesShown(strip ?? [], max, this.#held)
    if (shownMode === 'crawl') this.#afterEvents?.dropNotices()
    const lines = this.#afterEvents?.addNotices(live, strip ?? []) ?? live
    this.#lines = shownMode === 'crawl' ? this.#withLinesInView(lines) : lines
    this.#mark = stepped(this.#lines, this.#mark, 0)
    this.#interrupt()
    this.#seen = seenOf(this.#seen, lines, this.#mark.index, shownMode)
    for (const { id } of lines)
      if (shownMode === 'list' ? !hold : this.#view.sees(id)) this.#unseen.delete(id)
    const current = this.#lines[this.#mark.index]
    // Lines that do not show yet.
    const absent = (line: Headline): boolean =>
      shownMode === 'strip' ? line !== current : shownMode === 'crawl' || !lines.includes(line)
    const alarm = mostPressing(pressing.filter((line) => this.#unseen.has(line.id) && absent(line)))
    this.#view.show({
      words,
      lang: feed?.lang,
      linesDir: feed?.dir,
      dir: dir ?? feed?.dir ?? directionOf(lang ?? 'en'),
      mode: shownMode,
      isDark: theme === 'dark' || (theme === 'auto' && darkness.matches),
      title: feed?.title ?? '',
      isKnown: strip && this.#words,
      lines: this.#lines,
      drawNotice: this.#afterEvents?.drawNotice,
      index: this.#mark.index,
      unseen: this.#unseen,
      share: current ? this.#shownMs / readingMs(current, this.#view.parts) : 0,
      label: labelOf(status, live, alarm, words),
      notice: [
        noticeOf(status, words),
        waiting && words.waiting.replace('#', waiting.toLocaleString(words.locale)),
        strip?.length === 0 && words.empty,
      ]
        .filter(Boolean)
        .join(' · '),
      isPaused: this.#isPaused,
      moves: !this.#held,
      now: this.#now,
    })
    if (this.#isEmpty !== (lines.length === 0)) this.#notices.onEmpty((this.#isEmpty = lines.length === 0))
    // The line that held the others has gone.
    if (this.#held && !this.#hold) this.show()
  }

  close(): void {
    this.#ended.abort()
    this.#view.close()
  }

  get #hold(): 'pause' | 'focus' | 'pointer' | '' {
    if (this.#isPaused) return 'pause'
    return performance.now() - this.#attendedAt < HOLD_MS ? this.#view.attention() : ''
  }

  /** The newest lines of the strip; remembers which of them are new. The first strip is not new. */
  #newest(strip: readonly Headline[] | undefined): readonly Headline[] {
    const newest = strip?.slice(0, this.#settings.max) ?? []
    const top = this.#top ?? Infinity
    if (strip) this.#top = Math.max(this.#top ?? 0, ...strip.map(({ place }) => place))
    for (const { id, place } of newest) if (place > top) this.#unseen.set(id, false)
    for (const id of this.#unseen.keys()) if (!newest.some((line) => line.id === id)) this.#unseen.delete(id)
    return newest
  }

  /** A line in view of a crawl stays until it has passed, even if it is no longer among the newest. */
  #withLinesInView(lines: readonly Headline[]): readonly Headline[] {
    const stays = (line: Headline): boolean => lines.includes(line) || this.#view.sees(line.id)
    return this.#source.strip?.filter(stays) ?? []
  }

  /** A strip goes to a new line at once, except from a more pressing one that has not had its time. */
  #interrupt(): void {
    const added = mostPressing(this.#lines.filter(({ id }) => this.#unseen.get(id) === false))
    const current = this.#lines[this.#mark.index]
    if (!added) return
    for (const { id } of this.#lines) if (this.#unseen.has(id)) this.#unseen.set(id, true)
    if (current && this.#unseen.has(current.id) && rank(current) < rank(added)) return
    this.#goTo({ id: added.id, index: this.#lines.indexOf(added) })
  }

  /** The server's time, since the clock of the reader's computer may be wrong. */
  get #now(): number {
    return Date.now() + (this.#source.status.clockOffsetMs ?? 0)
  }

  #setLanguage(lang: string, feed: Source['feed']): void {
    const [language = ''] = lang.toLowerCase().split('-')
    const wanted = [language, feed?.numbering, feed?.words, this.#settings.font].join()
    if (wanted === this.#language) return
    this.#language = wanted
    // Lines that show keep the words that they have until the others are there.
    if (!this.#lines.length) this.#words = undefined
    void import('./looks-for.ts')
      .then(({ looksFor }) => looksFor(language, feed, this.#settings, this.#root))
      .catch(() => english)
      .then((words) => {
        if (wanted !== this.#language) return
        this.#words = words
        this.show()
      })
  }

  #step(steps: 1 | -1): void {
    this.#unseen.delete(this.#mark.id)
    this.#goTo(stepped(this.#lines, this.#mark, steps))
    this.show()
    this.#view.reveal(this.#mark.index)
  }

  #goTo(mark: Mark): void {
    this.#mark = mark
    this.#shownMs = 0
  }

  #everySecond(): void {
    const now = performance.now()
    if (!this.#held) this.#shownMs += now - this.#tickedAt
    this.#tickedAt = now
    const current = this.#lines[this.#mark.index]
    if (!this.#held && current && this.#shownMs >= readingMs(current, this.#view.parts)) {
      this.#unseen.delete(current.id)
      this.#goTo(following(this.#lines, this.#mark, this.#unseen))
    }
    this.show()
    this.#announce()
  }

  #announce(): void {
    const { strip = [], feed } = this.#source
    this.#afterEvents?.announce({
      strip,
      isPaused: this.#isPaused,
      floor: this.#settings.announce,
      words: this.#words ?? english,
      feedLang: feed?.lang,
      now: this.#now,
    })
  }
}

/** The word in the label; undefined: the usual one, empty: none. Nothing is "breaking" without a line. */
function labelOf(
  { state }: Status,
  lines: readonly Headline[],
  alarm: Headline | undefined,
  words: TickerWords,
): string | undefined {
  if (state === 'offline') return words.offline
  if (alarm) return urgencyWord(words, alarm.urgency)
  return lines.length === 0 ? '' : undefined
}

function noticeOf({ state, staleSince, frozen }: Status, words: TickerWords): string {
  if (state === 'refused') return words.refused
  // A short loss of the connection is not shown; cached lines of an earlier visit are marked.
  if (state !== 'live' && staleSince && Date.now() - staleSince > UNCONFIRMED_MS)
    return words.unconfirmed.replace(
      '#',
      clockText(new Date(staleSince).toISOString(), Date.now(), words.locale),
    )
  return frozen ? words.frozen : ''
}
