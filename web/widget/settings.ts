import {
  DEFAULT_TICKER_LINES,
  MAX_TICKER_LINES,
  type EmbedMode,
  type EmbedTheme,
} from '../../src/protocol/embed.ts'
import { urgencies, type Urgency } from '../../src/protocol/lists/urgencies.ts'
import type { Filters } from '../sdk/index.ts'

/** A ticker's settings, from its attributes. A missing or invalid attribute has its default value. */
export interface Settings {
  /** URL of the server. */
  readonly src: string
  readonly feed: string
  readonly filters: Filters
  /** The most lines that show. */
  readonly max: number
  /** `strip`: one line at a time. `list`: all lines. `crawl`: all lines, moving past. */
  readonly mode: EmbedMode
  /** Direction of the ticker; undefined: the feed's. */
  readonly dir: 'ltr' | 'rtl' | undefined
  readonly theme: EmbedTheme
  /** Language of the labels around the lines; undefined: the feed's. */
  readonly lang: string | undefined
  /** Lines of this urgency or a more urgent one are announced to screen readers. */
  readonly announce: Urgency | 'off'
  /** For how many minutes a notice stands in the place of a withdrawn or held line. */
  readonly notices: number
  /** `own`: the typefaces of the server; anything else: those of the page. */
  readonly font: string | null
  /** The reader has agreed that this browser stores the last strip; or else where the page's own server gives tokens. */
  readonly cache: boolean | string
  /** One connection for all tabs of this browser. */
  readonly share: boolean
  /** The element is hidden and needs no connection. */
  readonly hidden: boolean
}

/** Attributes with a number, or one value of a few. The setting of a valid one is written like the attribute. */
const checked = ['max', 'mode', 'dir', 'theme', 'announce', 'notices'] as const

export const attributes: string[] = [
  ...checked,
  ...['src', 'feed', 'section', 'region', 'urgency', 'lang', 'font', 'cache', 'share', 'hidden', 'collapse'],
  'token-from',
]

const DEFAULT_NOTICE_MINUTES = 5

/** @param read returns the value of an attribute; null if it is not set */
export function readSettings(read: (name: string) => string | null, home: string): Settings {
  const oneOf = <Word extends string>(name: string, words: readonly Word[]): Word | undefined =>
    words.find((word) => word === read(name))
  const textOf = (name: string): string | undefined => {
    return (read(name) ?? '') || undefined
  }
  const folded = (name: string): string => (read(name) ?? '').trim().toLowerCase()
  const slugs = (name: string): string[] =>
    folded(name)
      .split(/[\s,]+/)
      .filter(Boolean)
  const isSet = (name: string): boolean => read(name) !== null
  // The server refuses a filter that it does not know, so that no line shows which the filter would leave out.
  const urgency = folded('urgency')
  const max = Math.trunc(+(read('max') ?? 0))
  const minutes = Number(textOf('notices'))
  return {
    src: textOf('src') ?? home,
    feed: read('feed') ?? '',
    filters: {
      section: slugs('section'),
      region: slugs('region'),
      ...(urgency && { urgency: urgency as Urgency }),
    },
    max: max > 0 ? Math.min(max, MAX_TICKER_LINES) : DEFAULT_TICKER_LINES,
    mode: oneOf('mode', ['list', 'crawl'] as const) ?? 'strip',
    dir: oneOf('dir', ['ltr', 'rtl'] as const),
    theme: oneOf('theme', ['light', 'dark'] as const) ?? 'auto',
    font: read('font'),
    lang: textOf('lang'),
    announce: oneOf('announce', [...urgencies, 'off'] as const) ?? 'bulletin',
    notices: minutes >= 0 ? minutes : DEFAULT_NOTICE_MINUTES,
    // Lines behind a token are stored nowhere.
    cache: textOf('token-from') ?? isSet('cache'),
    share: isSet('share'),
    hidden: isSet('hidden'),
  }
}

/** Whether an attribute may be faulty. The part that tells of it looks closer. */
export function isDoubtful(settings: Settings, read: (name: string) => string | null): boolean {
  return checked.some((name) => read(name) && read(name) !== String(settings[name]))
}

/** A key that is equal for settings which need the same connection. */
export function connectionKey({ src, feed, filters, cache, share }: Settings): string {
  return JSON.stringify([src, feed, filters, cache, share])
}
