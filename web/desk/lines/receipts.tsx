import { VisuallyHidden } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import type { DoneAct } from '../results/done-act.ts'
import { FailedNotice } from './failed-notice.tsx'
import { ReceiptFacts } from './receipt-facts.tsx'
import type { NewestReceipt } from '../results/newest-receipt.ts'
import type { Acts } from './use-acts.ts'
import type { FailedAct } from '../results/failed-acts.ts'

export interface ReceiptsProps {
  readonly feed: FeedTitle
  readonly acts: readonly DoneAct[]
  readonly counts: ReadonlyMap<string, NewestReceipt>
  /** Failed acts on lines that show nowhere on the page. */
  readonly failed: readonly FailedAct[]
  readonly onAgain: Pick<Acts, 'retry' | 'dismiss'>
}

/** The results of the last acts: they stay, and count the screens meanwhile. */
export function Receipts({ feed, acts, counts, failed, onAgain }: ReceiptsProps) {
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
      {failed.map((each) => (
        <div key={each.wish.key} className="row" data-failed>
          <bdi lang={feed.lang} dir={feed.dir} className="row-text">
            {each.wish.text}
          </bdi>
          <FailedNotice failed={each} acts={onAgain} />
        </div>
      ))}
      <ol className="rows receipts">
        {acts.map((act) => (
          <li key={`${act.id} ${act.at}`} className="row" data-position={act.position ?? undefined}>
            <ReceiptFacts act={act} counts={counts} />
            <bdi lang={feed.lang} dir={feed.dir} className="row-text">
              {act.text}
            </bdi>
          </li>
        ))}
      </ol>
    </>
  )
}
