import { fieldsOf, isLeftOut, numberOf, oneOf, textOf, UnfitError } from './read-field.ts'
import { readTheme, type Theme } from './read-theme.ts'

export const looks = ['crawl', 'flip', 'strap'] as const
export type LookName = (typeof looks)[number]

/** The settings of one output. */
export interface OnAirSettings {
  /** URL of the server, ending in a slash; undefined: none is known yet. */
  readonly server: string | undefined
  /** Id of the feed; undefined: none is chosen yet. */
  readonly feed: string | undefined
  /** The output's own key. */
  readonly key: string | undefined
  readonly look: LookName
  readonly wordsPerMinute: number
  /** A strip that the server has not confirmed for so long is not shown any more. */
  readonly maxAgeMinutes: number
  /** In place of that of the theme. */
  readonly safeMarginPercent: number | undefined
  /** Undefined: it is measured. */
  readonly framesPerSecond: number | undefined
  /** Undefined: that of the server, or the usual one. */
  readonly theme: Theme | undefined
}

export const usualSettings: OnAirSettings = {
  server: undefined,
  feed: undefined,
  key: undefined,
  look: 'crawl',
  wordsPerMinute: 140,
  maxAgeMinutes: 15,
  safeMarginPercent: undefined,
  framesPerSecond: undefined,
  theme: undefined,
}

const FEED = /^[a-z][a-z0-9-]{0,31}$/
const KEY = /^f[op]_[0-9a-f]{16}_[\w-]{43}$/

/**
 * The data of a host. Fields that it leaves out stay as they are, and fields that are not known here are ignored: hosts
 * add some of their own. Errors: UnfitError.
 */
export function readSettings(data: unknown, before: OnAirSettings = usualSettings): OnAirSettings {
  if (isLeftOut(data)) return before
  const fields = fieldsOf(data, 'data')
  const set = (name: keyof OnAirSettings, read: (value: unknown, name: string) => unknown) =>
    isLeftOut(fields[name]) ? {} : { [name]: read(fields[name], name) }
  return {
    ...before,
    ...set('server', serverOf),
    ...set('feed', (value, name) => textOf(value, name, FEED)),
    ...set('key', (value, name) => textOf(value, name, KEY)),
    ...set('look', (value, name) => oneOf(value, name, looks)),
    ...set('wordsPerMinute', (value, name) => numberOf(value, name, 40, 400)),
    ...set('maxAgeMinutes', (value, name) => numberOf(value, name, 0, 1_440)),
    ...set('safeMarginPercent', (value, name) => numberOf(value, name, 0, 20)),
    ...set('framesPerSecond', (value, name) => numberOf(value, name, 10, 120)),
    ...set('theme', themeOf),
  }
}

function serverOf(value: unknown, name: string): string {
  const text = textOf(value, name, /^https?:\/\/./i)
  try {
    return new URL(text.replace(/\/?$/, '/')).href
  } catch {
    throw new UnfitError(`${name} is no address`)
  }
}

/** Hosts whose fields are texts send the theme file as one. */
function themeOf(value: unknown): Theme {
  if (typeof value !== 'string') return readTheme(value)
  let parsed: unknown
  try {
    parsed = JSON.parse(value)
  } catch {
    throw new UnfitError('theme is no JSON')
  }
  return readTheme(parsed)
}
