import type { IntlShape } from 'react-intl'

/** The begin of a step: the hour, or the day. */
export function stepText(intl: IntlShape, at: string, isByHour: boolean): string {
  return intl.formatDate(
    at,
    isByHour ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { day: 'numeric', month: 'short' },
  )
}
