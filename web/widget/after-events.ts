import type { FeedEvent, Headline } from '../sdk/index.ts'
import { announcementOf } from './announcement-of.ts'
import { ANNOUNCE_EVERY_MS, hear, SAID_FOR_MS, silent, speak, type Announcer } from './announcer.ts'
import { drawNotice, noticeText } from './draw-notice.ts'
import type { Notice } from './notice.ts'
import { lasting, noted, withNotices } from './notices.ts'
import type { Settings } from './settings.ts'
import type { TickerWords } from './ticker-words.ts'

/** Announcements of all tickers of the page, so that several tickers do not announce the same line. */
let page: { readonly saidAt: number; readonly said: readonly string[] } = {
  saidAt: -ANNOUNCE_EVERY_MS,
  said: [],
}
const MAX_SAID_KEYS = 99
const keyOf = ({ id, version }: Headline): string => `${id} ${version}`

/** The moment at which an event came. */
export interface Moment {
  /** The lines and notices that were on the screen; empty if removals leave no notices. */
  readonly seen: readonly Headline[]
  /** End of a notice of this event. */
  readonly until: number
  readonly floor: Settings['announce']
}

/** The parts of a picture that announcements need. */
export interface Surroundings {
  /** As it shows; undefined: not known yet. */
  readonly strip: readonly Headline[] | undefined
  readonly isPaused: boolean
  readonly floor: Settings['announce']
  readonly words: TickerWords
  readonly feedLang: string | undefined
  /** The server's time. */
  readonly now: number
}

/**
 * Follows the events of one ticker: notices in the places of removed lines, and announcements to screen readers. The
 * ticker loads this part with the first event.
 */
export class AfterEvents {
  readonly drawNotice = drawNotice
  readonly #say: (...said: (Node | string)[]) => void
  #notices: readonly Notice[] = []
  #announcer: Announcer = silent

  constructor(say: (...said: (Node | string)[]) => void) {
    this.#say = say
  }

  hear(event: FeedEvent, { seen, until, floor }: Moment): void {
    const { id, status } = event.headline
    // Several events may come before a notice of the first one shows.
    this.#notices = noted(this.#notices, event, [...seen, ...this.#notices], until)
    this.#announcer = hear(this.#announcer, event, floor, this.#notices.at(-1)?.id === id)
    // Removes the text of a removed line, so that it is not read aloud again.
    if (status !== 'live' && this.#announcer.said.includes(id)) this.#say('')
  }

  /** The lines with the notices in their places. A line that is in the strip again has none. */
  addNotices(lines: readonly Headline[], strip: readonly Headline[] = []): readonly Headline[] {
    this.#notices = lasting(this.#notices, strip, performance.now())
    return withNotices(lines, this.#notices)
  }

  /** A crawl has no place for notices. */
  dropNotices(): void {
    this.#notices = []
  }

  /** Announces what is due. */
  announce({ strip = [], isPaused, floor, words, feedLang, now: serverNow }: Surroundings): void {
    const now = performance.now()
    const isNew = (line: Headline): boolean => !page.said.includes(keyOf(line))
    const shows = (line: Headline): boolean => strip.some(({ id }) => id === line.id)
    const waiting = this.#announcer.waiting.filter((line) => shows(line) && isNew(line))
    const notices = floor === 'off' ? [] : this.#notices.filter(isNew)
    const saidAt = Math.max(this.#announcer.saidAt, page.saidAt)
    const [next, lines] = isPaused
      ? [this.#announcer]
      : speak({ ...this.#announcer, waiting, saidAt }, now, notices.length > 0)
    if (lines) {
      page = { saidAt: now, said: [...page.said, ...[...lines, ...notices].map(keyOf)].slice(-MAX_SAID_KEYS) }
      const parts: (Node | string)[][] = notices.map((notice) => [noticeText(notice, words, serverNow)])
      // A line whose label is over by now is announced without it.
      const shown = lines.map((line) => strip.find(({ id }) => id === line.id) ?? line)
      if (lines.length || !parts.length) parts.push(announcementOf(shown, words, feedLang))
      this.#say(...parts.flatMap((part, n) => (n ? [' · ', ...part] : part)))
    } else if (now - this.#announcer.saidAt >= SAID_FOR_MS) this.#say('')
    this.#announcer = { ...next, saidAt: lines ? now : this.#announcer.saidAt }
  }
}
