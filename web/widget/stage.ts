import type { Connection, FeedEvent, Headline, Status } from '../sdk/index.ts'
import { directionOf } from '../../src/protocol/direction-of.ts'
import { clockText } from '../lines/time-text.ts'
import { ANNOUNCE_EVERY_MS, hear, SAID_FOR_MS, silent, speak, type Announcer } from './announcer.ts'
import { languageName } from './language-name.ts'
import { everySecond } from './every-second.ts'
import { linesShown, stepped, type Mark } from './lines-shown.ts'
import type { Settings } from './settings.ts'
import { tickerView, type TickerView } from './ticker-view.ts'
import { wordsFor } from './words-for.ts'
import { english, urgencyWord, type TickerWords } from './words.ts'

/** Time for which a strip shows one line. */
const LINE_MS = 6_000

const darkness = matchMedia('(prefers-color-scheme: dark)')
const stillness = matchMedia('(prefers-reduced-motion: reduce)')

/** Lines are marked as unconfirmed after so long without a live connection. */
const UNCONFIRMED_MS = 3_000

/** Announcements of all tickers of the page, so that several tickers do not announce the same line. */
let page: { readonly saidAt: number; readonly said: readonly string[] } = {
  saidAt: -ANNOUNCE_EVERY_MS,
  said: [],
}
const MAX_SAID_KEYS = 99
const keyOf = ({ id, version }: Headline): string => `${id} ${version}`

/** The feed that a ticker shows: a connection, or only the status that says why there is none. */
export type Source = Pick<Connection, 'strip' | 'status' | 'feed'>

/** Decides what one ticker shows and announces, and when. */
export class Stage {
  readonly #view: TickerView
  #settings: Settings
  readonly #source: Source
  readonly #ended = new AbortController()
  #isPaused = false
  readonly #attention = new Set<string>()
  /** The ids that showed when the pause began. */
  #held: ReadonlySet<string> | undefined
  #lines: readonly Headline[] = []
  #mark: Mark = { id: '', index: 0 }
  #steppedAt = performance.now()
  #announcer: Announcer = silent
  #language = 'en'
  /** undefined while the language is being loaded. */
  #words: TickerWords | undefined = english

  constructor(root: ShadowRoot, settings: Settings, source: Source, onHide: () => void) {
    this.#settings = settings
    this.#source = source
    this.#view = tickerView(root, {
      onStep: (steps) => this.#step(steps),
      onPause: () => {
        this.#isPaused = !this.#isPaused
        this.show()
      },
      onHide,
      onAttention: (kind, isThere) => {
        if (isThere) this.#attention.add(kind)
        else this.#attention.delete(kind)
        this.show()
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
    this.#announcer = hear(this.#announcer, event, this.#settings.announce)
    // Removes the text of a withdrawn line, so that it is not read aloud again.
    if (this.#announcer.recalled) this.#view.say('')
    // A strip goes to a line that has just been published.
    if (event.op === 'publish' && !this.#isStopped) this.#goTo({ id: event.headline.id, index: 0 })
    this.show()
  }

  readonly show = (): void => {
    const { mode, max, dir, theme, lang } = this.#settings
    const { strip, feed, status } = this.#source
    const feedLang = feed?.lang ?? 'en'
    this.#setLanguage(lang ?? feedLang)
    const words = this.#words ?? english
    this.#held = this.#isStopped ? (this.#held ?? new Set(this.#lines.map(({ id }) => id))) : undefined
    const { lines, waiting } = linesShown(strip ?? [], max, this.#held)
    this.#lines = lines
    this.#mark = stepped(lines, this.#mark, 0)
    this.#view.show({
      words,
      lang: feedLang,
      dir: dir ?? feed?.dir ?? directionOf(lang ?? 'en'),
      // A reader who prefers reduced motion gets one line at a time instead of moving lines.
      mode: mode === 'crawl' && stillness.matches ? 'strip' : mode,
      isDark: theme === 'dark' || (theme === 'auto' && darkness.matches),
      title: feed?.title ?? '',
      isKnown: strip !== undefined && this.#words !== undefined,
      lines,
      index: this.#mark.index,
      notice: [
        noticeOf(status, words),
        waiting && words.waiting.replace('#', String(waiting)),
        strip?.length === 0 && words.empty,
      ]
        .filter(Boolean)
        .join(' · '),
      isPaused: this.#isPaused,
      moves: !this.#isStopped,
      now: this.#now,
    })
  }

  close(): void {
    this.#ended.abort()
    this.#view.close()
  }

  get #isStopped(): boolean {
    return this.#isPaused || this.#attention.size > 0
  }

  /** The server's time, since the clock of the reader's computer may be wrong. */
  get #now(): number {
    return Date.now() + (this.#source.status.clockOffsetMs ?? 0)
  }

  #setLanguage(lang: string): void {
    const [language = ''] = lang.toLowerCase().split('-')
    if (language === this.#language) return
    this.#language = language
    this.#words = undefined
    const setWords = (words: TickerWords): void => {
      if (language !== this.#language) return
      this.#words = words
      this.show()
    }
    void wordsFor(language)
      .catch(() => english)
      .then(setWords)
  }

  #step(steps: 1 | -1): void {
    this.#goTo(stepped(this.#lines, this.#mark, steps))
    this.show()
    this.#view.reveal(this.#mark.index)
  }

  #goTo(mark: Mark): void {
    this.#mark = mark
    this.#steppedAt = performance.now()
  }

  #everySecond(): void {
    const now = performance.now()
    if (!this.#isStopped && now - this.#steppedAt >= LINE_MS) this.#goTo(stepped(this.#lines, this.#mark, 1))
    this.show()
    this.#announce(now)
  }

  #announce(now: number): void {
    const { strip = [] } = this.#source
    const shows = (line: Headline): boolean => strip.some(({ id }) => id === line.id)
    const waiting = this.#announcer.waiting.filter((line) => shows(line) && !page.said.includes(keyOf(line)))
    const saidAt = Math.max(this.#announcer.saidAt, page.saidAt)
    const [next, lines] = this.#isPaused
      ? [this.#announcer]
      : speak({ ...this.#announcer, waiting, saidAt }, now)
    if (lines) {
      page = { saidAt: now, said: [...page.said, ...lines.map(keyOf)].slice(-MAX_SAID_KEYS) }
      this.#view.say(announcementOf(lines, this.#words ?? english, this.#source.feed?.lang))
    } else if (now - this.#announcer.saidAt >= SAID_FOR_MS) this.#view.say('')
    this.#announcer = { ...next, saidAt: lines ? now : this.#announcer.saidAt }
  }
}

function noticeOf({ state, staleSince, frozen }: Status, words: TickerWords): string {
  if (state === 'refused') return words.refused
  // A short loss of the connection is not shown; cached lines of an earlier visit are marked.
  if (state !== 'live' && staleSince && Date.now() - staleSince > UNCONFIRMED_MS)
    return words.unconfirmed.replace(
      '#',
      clockText(new Date(staleSince).toISOString(), Date.now(), words.lang),
    )
  return frozen ? words.frozen : ''
}

/** A line in another language comes with the name of that language: screen readers go on with the same voice. */
function announcementOf(lines: readonly Headline[], words: TickerWords, feedLang = words.lang): string {
  const [only, second] = lines
  if (!only) return words.recalled
  if (second) return words.waiting.replace('#', String(lines.length))
  const { urgency, speaker, text, lang = feedLang } = only
  return [urgencyWord(words, urgency), languageName(lang, words.lang), speaker, text]
    .filter(Boolean)
    .join(': ')
}
