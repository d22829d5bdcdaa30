import { VisuallyHidden } from '@mantine/core'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Status } from '../../../src/protocol/lists/statuses.ts'
import type { FeedTitle } from '../../sdk/types.ts'
import { ReleaseTime } from './release-time.tsx'
import type { NewestReceipt } from '../health/use-desk-stream.ts'

/** An act that the API has accepted. */
export interface DoneAct {
  readonly id: string
  readonly text: string
  readonly status: Status
  readonly position: string | null
  readonly releaseAt: string | undefined
  readonly at: string
}

export interface ReceiptsProps {
  readonly feed: FeedTitle
  readonly acts: readonly DoneAct[]
  readonly counts: ReadonlyMap<string, NewestReceipt>
}

/** The results of the last acts: they stay, and count the screens meanwhile. */
export function Receipts({ feed, acts, counts }: ReceiptsProps) {
  const intl = useIntl()
  const [newest] = acts
  return (
    <>
      {/* Only the newest result is announced: the counts in the list change all the time. */}
      <VisuallyHidden role="status">
        {newest && (
          <>
            <FormattedMessage id={`status.${newest.status}`} />: {newest.text}
          </>
        )}
      </VisuallyHidden>
      <ol className="rows receipts">
        {acts.map(({ id, text, status, position, releaseAt, at }) => {
          const counted = position === null ? undefined : counts.get(position)
          return (
            <li key={`${id} ${at}`} className="row" data-position={position ?? undefined}>
              <span className="row-facts">
                <strong>
                  <FormattedMessage id={`status.${status}`} />
                </strong>
                <time dateTime={at}>{intl.formatTime(at, { timeStyle: 'medium', hourCycle: 'h23' })}</time>
                {position !== null && <bdi>{position}</bdi>}
                {releaseAt !== undefined && <ReleaseTime at={releaseAt} />}
                {counted && (
                  <span>
                    <FormattedMessage
                      id="receipt.counts"
                      values={{ count: counted.written, ms: counted.p99Ms ?? 0 }}
                    />
                  </span>
                )}
                {counted?.cleared && (
                  <span>
                    <FormattedMessage id="receipt.clearedScreens" values={counted.cleared} />
                  </span>
                )}
              </span>
              <bdi lang={feed.lang} dir={feed.dir} className="row-text">
                {text}
              </bdi>
            </li>
          )
        })}
      </ol>
    </>
  )
}
