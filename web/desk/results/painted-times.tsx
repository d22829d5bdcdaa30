import { FormattedDate, FormattedMessage, useIntl } from 'react-intl'
import type { Painting } from './painting.ts'

/** The times of the first and the last frame, in words. */
export function PaintedTimes({ painting: { first, last } }: { readonly painting: Painting }) {
  const intl = useIntl()
  return (
    <span data-last={last}>
      <FormattedMessage
        id={last === undefined ? 'outputs.since' : 'outputs.between'}
        values={{
          first: <FormattedDate value={first} dateStyle="short" timeStyle="medium" />,
          last: last !== undefined && intl.formatTime(last, { timeStyle: 'medium' }),
        }}
      />
    </span>
  )
}
