export const MINUTE_MS = 60_000

/** To make a formatter takes far longer than to use it. */
const formatters = new Map<string, unknown>()

/** Writes a number in the digits of a locale. */
export function numberText(number: number, lang: string): string {
  return formatter(Intl.NumberFormat, lang, {}).format(number)
}

function formatter<Options, Formatter>(
  Kind: new (lang: string, options: Options) => Formatter,
  lang: string,
  options: Options,
): Formatter {
  const key = lang + JSON.stringify(options)
  const made = (formatters.get(key) as Formatter | undefined) ?? new Kind(lang, options)
  formatters.set(key, made)
  return made
}

/** Writes the time of a line for readers of one language. */
export type TimeText = typeof timeText

/** "5 min. ago" within the last hour, the time of day on the same day, otherwise the time with the date. */
export function timeText(instant: string, now: number, lang: string, timeZone?: string): string {
  const minutes = minutesSince(Date.parse(instant), now)
  if (minutes < 60) {
    const ago = formatter(Intl.RelativeTimeFormat, lang, { numeric: 'auto', style: 'short' } as const)
    return ago.format(minutes && -minutes, minutes ? 'minute' : 'second')
  }
  return clockText(instant, now, lang, timeZone)
}

/** HH:MM, with the date if it is not today; empty for an invalid instant. */
export function clockText(instant: string | number, now: number, lang: string, timeZone?: string): string {
  const at = Number(new Date(instant))
  if (!at) return ''
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const
  const date = isSameDay(at, now, timeZone) ? {} : ({ day: 'numeric', month: 'short' } as const)
  return formatter(Intl.DateTimeFormat, lang, { ...clock, ...date }).format(at)
}

/** Whole minutes; 0 for an instant that lies ahead. */
export function minutesSince(at: number, now: number): number {
  return Math.floor(Math.max(0, now - at) / MINUTE_MS)
}

export function isSameDay(at: number, now: number, timeZone?: string): boolean {
  const day = formatter(Intl.DateTimeFormat, 'en', { dateStyle: 'short', timeZone })
  return day.format(at) === day.format(now)
}
