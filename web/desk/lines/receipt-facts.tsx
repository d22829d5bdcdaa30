import { FormattedMessage, useIntl } from 'react-intl'
import type { NewestReceipt } from '../results/newest-receipt.ts'
import { useStill } from '../platform/calm.ts'
import { ReleaseTime } from '../platform/release-time.tsx'
import type { DoneAct } from '../results/done-act.ts'

export interface ReceiptFactsProps {
  readonly act: DoneAct
  readonly counts: ReadonlyMap<string, NewestReceipt>
}

/** What an act has done so far: the new status, its time and position, and the screens that have it. */
export function ReceiptFacts({ act, counts }: ReceiptFactsProps) {
  const intl = useIntl()
  const { status, position, releaseAt, at, siblings } = act
  const counted = position === null ? undefined : counts.get(position)
  return (
    <span className="row-facts">
      <strong>
        <FormattedMessage id={`status.${status}`} />
      </strong>
      <time dateTime={at}>{intl.formatTime(at, { timeStyle: 'medium', hourCycle: 'h23' })}</time>
      {position !== null && <bdi>{position}</bdi>}
      {releaseAt !== undefined && <ReleaseTime at={releaseAt} />}
      {counted && <Counts counted={counted} />}
      {siblings?.map(({ feed, id, outcome }) => (
        <span key={`${feed} ${id}`}>
          <FormattedMessage id="receipt.sibling" values={{ feed: <bdi>{feed}</bdi>, outcome }} />
        </span>
      ))}
    </span>
  )
}

/** The screens that have got the event, and those that have cleared. */
export function Counts({ counted }: { readonly counted: NewestReceipt }) {
  const { written, p99Ms, cleared } = useStill(counted)
  return (
    <>
      {p99Ms !== null && (
        <span>
          <FormattedMessage id="receipt.counts" values={{ count: written, ms: p99Ms }} />
        </span>
      )}
      {cleared && (
        <span>
          <FormattedMessage id="receipt.clearedScreens" values={cleared} />
        </span>
      )}
    </>
  )
}
