import type { Connection, FeedEvent, Headline, Status } from '../sdk/index.ts'
import { directionOf } from '../../src/protocol/direction-of.ts'
import { shownUrgency } from '../../src/protocol/shown-urgency.ts'
import { urgencyWord } from '../../src/protocol/line-words.ts'
import { clockText, MINUTE_MS, numberText } from '../lines/time-text.ts'
import type { AfterEvents } from './after-events.ts'
import { everySecond } from './every-second.ts'
import {
  following,
  isPressing,
  linesShown,
  markOf,
  mostPressing,
  rank,
  readingMs,
  seenOf,
  stepped,
  type Mark,
} from './lines-shown.ts'
import type { Settings } from './settings.ts'
import { tickerView } from './ticker-view.ts'
import { english, type TickerWords } from './ticker-words.ts'

/** A pointer or the keyboard holds the lines for so long after its last movement or key. */
const HOLD_MS = 60_000
/** The next try to load words that did not arrive. */
const RETRY_MS = 5_000

const darkness = matchMedia('(prefers-color-scheme: dark)')
const stillness = matchMedia('(prefers-reduced-motion: reduce)')

/** Lines are marked as unconfirmed after so long without a live connection. */
const UNCONFIRMED_MS = 3_000

/** A line whose label is over, as it shows: one object for all tickers of a page, so that it is drawn once. */
const calm = new WeakMap<Headline, Headline>()

/** The feed that a ticker shows: a connection, or only the status that says why there is none. */
export type Source = Pick<Connection, 'strip' | 'status' | 'feed'>

/** Calls from a stage to its element. */
export interface Notices {
  readonly onHide: (label: string) => void
  readonly onEmpty: (isEmpty: boolean) => void
}

/** Takes what changes in the settings and in the feed of one ticker. */
export interface Stage {
  /** Takes changed settings of the same feed. */
  readonly change: (settings: Settings) => void
  readonly heard: (event: FeedEvent) => void
  /** Shows once for all that comes at this moment: a strip, and the events that tell of withdrawn lines. */
  readonly showSoon: () => void
  readonly close: () => void
}

/** Decides what one ticker shows and announces, and when. */
export function openStage(
  root: ShadowRoot,
  settings: Settings,
  source: Source,
  { onHide, onEmpty }: Notices,
): Stage {
  const ended = new AbortController()
  let isPaused = false
  let isDue = false
  /** The last movement of the pointer, or the last key, in the lines. */
  let attendedAt = -Infinity
  /** The ids that showed when the hold began, and of the lines that came through it; undefined without a hold. */
  let held: Set<string> | undefined
  /** The highest place in the strip so far: lines above it are new. */
  let top: number | undefined
  /** The ids of the new lines that have not shown for their time, and whether they could interrupt another line. */
  const unseen = new Map<string, boolean>()
  let strip: readonly Headline[] | undefined
  let lines: readonly Headline[] = []
  /** The lines that are or have been on the screen. */
  let seen: readonly Headline[] = []
  let mark: Mark = { id: '', index: 0 }
  /** For how long the current line has shown, without holds. */
  let shownMs = 0
  let tickedAt = performance.now()
  let isEmpty: boolean | undefined
  /** Loaded with the first event, since most pages are left before one comes. */
  let afterEvents: AfterEvents | undefined
  let loading: Promise<AfterEvents> | undefined
  /** The language of the words, and the feed's own digits and words; empty before the language is known. */
  let language = ''
  /** undefined until they are loaded. */
  let words: TickerWords | undefined

  const view = tickerView(root, {
    onStep(steps) {
      unseen.delete(mark.id)
      goTo(stepped(lines, mark, steps))
      show()
      view.reveal(mark.index)
    },
    onPause() {
      isPaused = !isPaused
      show()
    },
    onHide() {
      onHide(`${(words ?? english).show}: ${source.feed?.title ?? settings.feed}`)
    },
    onAttention(isThere) {
      attendedAt = isThere ? performance.now() : -Infinity
      if (isThere && !held) show()
    },
  })
  const { signal } = ended
  for (const preference of [darkness, stillness]) preference.addEventListener('change', show, { signal })
  signal.addEventListener('abort', everySecond(tick))
  show()

  function heard(event: FeedEvent): void {
    const { announce: floor, notices } = settings
    const { id, status } = event.headline
    const moment = { seen: notices ? seen : [], until: performance.now() + notices * MINUTE_MS, floor }
    const from = mark
    const follow = (after: AfterEvents): void => {
      after.hear(event, moment)
      // A notice shows for as long as a line does.
      if (status !== 'live' && id === from.id) goTo(from)
      showSoon()
    }
    if (afterEvents) follow(afterEvents)
    else {
      // One promise keeps the order of the events: several imports of one part may end in another order.
      loading ??= import('./after-events.ts').then(
        ({ AfterEvents }) => (afterEvents = new AfterEvents(view.say)),
      )
      void loading.then(
        follow,
        // The next event tries again.
        () => (loading = undefined),
      )
    }
    showSoon()
  }

  function showSoon(): void {
    if (isDue) return
    isDue = true
    queueMicrotask(() => {
      if (isDue && !signal.aborted) show()
    })
  }

  function show(): void {
    isDue = false
    const { mode, max, dir, theme, lang } = settings
    const { feed, status } = source
    strip = source.strip?.map(asShown)
    // The words for a feed that does not answer are in the page's language.
    const pageLang = status.state === 'connecting' ? '' : document.documentElement.lang || 'en'
    setLanguage(lang ?? feed?.lang ?? pageLang, feed)
    const said = words ?? english
    // A reader who prefers reduced motion gets one line at a time instead of moving lines.
    const shownMode = mode === 'crawl' && stillness.matches ? 'strip' : mode
    const hold = holdNow()
    held = hold ? (held ?? new Set(lines.map(({ id }) => id))) : undefined
    const pressing = newest(strip).filter((line) => unseen.has(line.id) && isPressing(line))
    // A crawl stands still in a hold, so that no line can enter.
    if (hold === 'pointer' && shownMode !== 'crawl') for (const { id } of pressing) held?.add(id)
    const { lines: live, waiting } = linesShown(strip, max, held)
    if (shownMode === 'crawl') afterEvents?.dropNotices()
    const shown = afterEvents?.addNotices(live, strip) ?? live
    // A line in view of a crawl stays until it has passed, even if it is no longer among the newest.
    lines =
      shownMode === 'crawl'
        ? (strip ?? []).filter((line) => shown.includes(line) || view.sees(line.id))
        : shown
    mark = stepped(lines, mark, 0)
    interrupt()
    seen = seenOf(seen, shown, mark.index, shownMode)
    for (const { id } of shown) if (shownMode === 'list' ? !hold : view.sees(id)) unseen.delete(id)
    const current = lines[mark.index]
    // Lines that do not show yet.
    const absent = (line: Headline): boolean =>
      shownMode === 'strip' ? line !== current : shownMode === 'crawl' || !shown.includes(line)
    const alarm = mostPressing(pressing.filter((line) => unseen.has(line.id) && absent(line)))
    view.show({
      words: said,
      lang: feed?.lang,
      linesDir: feed?.dir,
      dir: dir ?? feed?.dir ?? directionOf(lang ?? 'en'),
      mode: shownMode,
      isDark: theme === 'auto' ? darkness.matches : theme === 'dark',
      title: feed?.title ?? '',
      isWorded: !!words,
      isKnown: strip && words,
      lines,
      drawNotice: afterEvents?.drawNotice,
      index: mark.index,
      unseen,
      share: current ? shownMs / readingMs(current, view.parts) : 0,
      label: words ? labelOf(status, shownMode === 'strip' ? [current] : live, alarm, words) : '',
      notice: words ? noticeOf(status, strip, waiting, words) : '',
      isPaused,
      moves: !held,
      now: serverNow(),
    })
    if (isEmpty !== !shown.length) onEmpty((isEmpty = !shown.length))
    // The line that held the others has gone.
    if (held && !holdNow()) show()
  }

  function holdNow(): 'pause' | 'focus' | 'pointer' | '' {
    if (isPaused) return 'pause'
    return performance.now() - attendedAt < HOLD_MS ? view.attention() : ''
  }

  /** The newest lines of the strip; remembers which of them are new. The first strip is not new. */
  function newest(strip: readonly Headline[] | undefined): readonly Headline[] {
    const found = strip?.slice(0, settings.max) ?? []
    for (const { id, place } of found) if (place > (top ?? Infinity)) unseen.set(id, false)
    if (strip) top = Math.max(top ?? 0, ...strip.map(({ place }) => place))
    for (const id of unseen.keys()) if (!found.some((line) => line.id === id)) unseen.delete(id)
    return found
  }

  /** A strip goes to a new line at once, except from a more pressing one that has not had its time. */
  function interrupt(): void {
    const added = mostPressing(lines.filter(({ id }) => unseen.get(id) === false))
    const current = lines[mark.index]
    if (!added) return
    for (const { id } of lines) if (unseen.has(id)) unseen.set(id, true)
    if (current && unseen.has(current.id) && rank(current) < rank(added)) return
    goTo(markOf(lines, added))
  }

  function asShown(line: Headline): Headline {
    const urgency = shownUrgency(line, serverNow())
    if (urgency === line.urgency) return line
    const made = calm.get(line) ?? { ...line, urgency }
    calm.set(line, made)
    return made
  }

  /** The server's time, since the clock of the reader's computer may be wrong. */
  function serverNow(): number {
    return Date.now() + (source.status.clockOffsetMs ?? 0)
  }

  function setLanguage(lang: string, feed: Source['feed']): void {
    const [name = ''] = lang.toLowerCase().split('-')
    const wanted = [name, feed?.numbering, feed?.words, settings.font].join()
    if (!lang || wanted === language) return
    language = wanted
    if (wanted === 'en,,,') {
      words = english
      return
    }
    // Lines that show keep the words that they have until the others are there.
    if (!lines.length) words = undefined
    void import('./looks-for.ts')
      .then(({ looksFor }) => looksFor(name, feed, settings, root))
      .catch(() => {
        // Later, a line that shows tries again.
        setTimeout(() => (language = ''), RETRY_MS)
        return english
      })
      .then((loaded) => {
        if (wanted !== language) return
        words = loaded
        show()
      })
  }

  function goTo(next: Mark): void {
    mark = next
    shownMs = 0
  }

  function tick(): void {
    const now = performance.now()
    if (!held) shownMs += now - tickedAt
    tickedAt = now
    const current = lines[mark.index]
    if (!held && current && shownMs >= readingMs(current, view.parts)) {
      unseen.delete(current.id)
      goTo(following(lines, mark, unseen))
    }
    show()
    afterEvents?.announce({
      strip,
      isPaused,
      floor: settings.announce,
      words: words ?? english,
      feedLang: source.feed?.lang,
      now: serverNow(),
    })
  }

  return {
    change(changed) {
      settings = changed
      held = undefined
      show()
    },
    heard,
    showSoon,
    close() {
      ended.abort()
      view.close()
      // Words that come later belong to the stage that follows.
      language = ''
    },
  }
}

/** The word in the label; undefined: the usual one, empty: none. A routine line is not "breaking". */
function labelOf(
  { state }: Status,
  lines: readonly (Headline | undefined)[],
  alarm: Headline | undefined,
  words: TickerWords,
): string | undefined {
  if (state === 'offline') return words.offline
  if (alarm) return urgencyWord(words, alarm.urgency)
  return lines.some((line) => line && line.urgency !== 'routine') ? undefined : ''
}

function noticeOf(
  status: Status,
  strip: readonly Headline[] | undefined,
  waiting: number,
  words: TickerWords,
): string {
  const parts = [
    stateText(status, words),
    waiting && words.waiting.replace('#', numberText(waiting, words.locale)),
    strip && !strip.length && words.empty,
  ]
  return parts.filter(Boolean).join(' · ')
}

function stateText({ state, staleSince, frozen }: Status, words: TickerWords): string {
  if (state === 'refused') return words.refused
  // A short loss of the connection is not shown; cached lines of an earlier visit are marked.
  if (state !== 'live' && staleSince && Date.now() - staleSince > UNCONFIRMED_MS)
    return words.unconfirmed.replace('#', clockText(staleSince, Date.now(), words.locale))
  return frozen ? words.frozen : ''
}
