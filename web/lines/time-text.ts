const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** "5 min. ago" within the last hour, the time of day on the same day, otherwise the time with the date. */
export function timeText(instant: string, now: number, lang: string, timeZone?: string): string {
  const at = Date.parse(instant)
  if (Number.isNaN(at)) return ''
  const agoMs = Math.max(0, now - at)
  if (agoMs < HOUR_MS) {
    const ago = new Intl.RelativeTimeFormat(lang, { numeric: 'auto', style: 'short' })
    return agoMs < MINUTE_MS ? ago.format(0, 'second') : ago.format(-Math.floor(agoMs / MINUTE_MS), 'minute')
  }
  return clockText(instant, now, lang, timeZone)
}

/** HH:MM, with the date if it is not today. */
export function clockText(instant: string, now: number, lang: string, timeZone?: string): string {
  const at = Date.parse(instant)
  if (Number.isNaN(at)) return ''
  const day = new Intl.DateTimeFormat('en', { dateStyle: 'short', timeZone })
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const
  const date = day.format(at) === day.format(now) ? {} : ({ day: 'numeric', month: 'short' } as const)
  return new Intl.DateTimeFormat(lang, { ...clock, ...date }).format(at)
}
