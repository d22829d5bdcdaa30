import { FormattedMessage } from 'react-intl'
import { ReleaseTime } from './release-time.tsx'

/** The end of a line's embargo, in ms, and the time until then. */
export function EmbargoEnd({ until }: { readonly until: number }) {
  return (
    <span className="embargo">
      <FormattedMessage id="embargo.until" /> <ReleaseTime at={new Date(until).toISOString()} />
    </span>
  )
}
