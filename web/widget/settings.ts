import type { Filters, Urgency } from '../sdk/index.ts'

/** What a page says about a ticker, by attributes. What is missing or wrong has its usual value. */
export interface Settings {
  /** Where Flashline is. */
  readonly src: string
  readonly feed: string
  readonly filters: Filters
  /** Lines that show at the most. */
  readonly max: number
  readonly mode: Mode
  /** Of the ticker; undefined: the feed's. */
  readonly dir: 'ltr' | 'rtl' | undefined
  readonly theme: 'light' | 'dark' | 'auto'
  /** Of the words around the lines; undefined: the feed's. */
  readonly lang: string | undefined
  /** Lines that are at least so pressing are announced. */
  readonly announce: Urgency | 'off'
  /** The reader has agreed that the last strip is kept in this browser. */
  readonly cache: boolean
  /** One connection for all tabs of this browser. */
  readonly share: boolean
  /** The element shows nothing, and needs no connection. */
  readonly hidden: boolean
}

/** One line at a time, all of them, or all of them running by. */
export type Mode = 'strip' | 'list' | 'crawl'

/** From most to least pressing. */
export const urgencies: readonly Urgency[] = ['flash', 'bulletin', 'urgent', 'routine']

export const attributes =
  'src feed section region urgency max mode dir theme lang announce cache share hidden'

const MAX_LINES = 50
const USUAL_LINES = 10

/** @param read the value of an attribute; null where it is not there */
export function readSettings(read: (name: string) => string | null, home: string): Settings {
  const oneOf = <Word extends string>(name: string, words: readonly Word[]): Word | undefined =>
    words.find((word) => word === read(name))
  const written = (name: string): string | undefined => {
    const value = read(name)
    return value === null || value === '' ? undefined : value
  }
  const slugs = (name: string): string[] => (read(name) ?? '').split(/[\s,]+/).filter(Boolean)
  const isSet = (name: string): boolean => read(name) !== null
  const urgency = oneOf('urgency', urgencies)
  const max = Math.trunc(Number(read('max')))
  return {
    src: written('src') ?? home,
    feed: read('feed') ?? '',
    filters: { section: slugs('section'), region: slugs('region'), ...(urgency && { urgency }) },
    max: max > 0 ? Math.min(max, MAX_LINES) : USUAL_LINES,
    mode: oneOf('mode', ['list', 'crawl'] as const) ?? 'strip',
    dir: oneOf('dir', ['ltr', 'rtl'] as const),
    theme: oneOf('theme', ['light', 'dark'] as const) ?? 'auto',
    lang: written('lang'),
    announce: oneOf('announce', [...urgencies, 'off'] as const) ?? 'bulletin',
    cache: isSet('cache'),
    share: isSet('share'),
    hidden: isSet('hidden'),
  }
}

/** Equal where one connection serves both. */
export function connectionKey({ src, feed, filters, cache, share, hidden }: Settings): string {
  return JSON.stringify([src, feed, filters, cache, share, hidden])
}
