import { FormattedMessage, useIntl } from 'react-intl'
import { useCalm } from './calm.ts'
import { useServerTime } from './server-clock.ts'

const SECOND_MS = 1_000
const MINUTE_S = 60
const HOUR_S = 3_600
const DAY_S = 86_400

/** The time of a release with its time zone, and the time until then. */
export function ReleaseTime({ at }: { readonly at: string }) {
  const intl = useIntl()
  const isCalm = useCalm()
  const now = useServerTime()
  const left = Math.max(0, Math.round((Date.parse(at) - now) / SECOND_MS))
  const days = Math.floor(left / DAY_S)
  const isToday = new Date(at).toDateString() === new Date(now).toDateString()
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  const inDays = days > 0 && intl.formatNumber(days, { style: 'unit', unit: 'day', unitDisplay: 'short' })
  return (
    <span>
      <time dateTime={at}>
        {intl.formatDate(at, {
          ...(!isToday && { day: 'numeric', month: 'short' }),
          ...(!isThisYear && { year: 'numeric' }),
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
          timeZoneName: 'short',
        })}
      </time>{' '}
      {!isCalm && <FormattedMessage id="list.in" values={{ time: <bdi>{inDays || spanOf(left)}</bdi> }} />}
    </span>
  )
}

function spanOf(seconds: number): string {
  const two = (count: number) => String(count).padStart(2, '0')
  const minutes = two(Math.floor((seconds % HOUR_S) / MINUTE_S))
  return `${Math.floor(seconds / HOUR_S)}:${minutes}:${two(seconds % MINUTE_S)}`
}
