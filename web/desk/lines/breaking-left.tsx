import { FormattedMessage, useIntl } from 'react-intl'
import { useCalm } from '../platform/calm.ts'
import { useServerTime } from '../platform/server-clock.ts'

const MINUTE_MS = 60_000
/** The question shows so long before the label ends. */
const ASKS_BEFORE_MS = 3 * MINUTE_MS

/** The time for which readers still see a line as breaking news, and the question whether it still is some. */
export function BreakingLeft({ until }: { readonly until: string }) {
  const intl = useIntl()
  const isCalm = useCalm()
  const leftMs = Date.parse(until) - useServerTime()
  if (leftMs <= 0)
    return (
      <span data-breaking="ended">
        <FormattedMessage id="strip.breakingEnded" />
      </span>
    )
  const two = (count: number) => String(count).padStart(2, '0')
  const left = `${Math.floor(leftMs / MINUTE_MS)}:${two(Math.floor((leftMs % MINUTE_MS) / 1_000))}`
  const time = isCalm ? intl.formatTime(until, { hourCycle: 'h23' }) : left
  return (
    <span data-breaking="on">
      <FormattedMessage
        id={isCalm ? 'strip.breakingUntil' : 'strip.breakingFor'}
        values={{ time: <bdi>{time}</bdi> }}
      />
      {leftMs <= ASKS_BEFORE_MS && (
        <strong className="breaking-question">
          {' '}
          <FormattedMessage id="strip.stillBreaking" />
        </strong>
      )}
    </span>
  )
}
