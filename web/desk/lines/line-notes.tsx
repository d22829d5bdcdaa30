import type { NewestReceipt } from '../results/newest-receipt.ts'
import { FailedNotice } from './failed-notice.tsx'
import { ReceiptFacts } from './receipt-facts.tsx'
import type { DoneAct } from '../results/done-act.ts'
import type { Acts } from './use-acts.ts'

export interface LineNotesProps {
  readonly id: string
  readonly acts: Acts
  readonly done: readonly DoneAct[]
  readonly counts: ReadonlyMap<string, NewestReceipt>
}

/** The result of the person's last act on a line: it stays on the line, and a failure stays until it is handled. */
export function LineNotes({ id, acts, done, counts }: LineNotesProps) {
  const failed = acts.failed.find(({ wish }) => wish.id === id)
  const last = done.find((act) => act.id === id)
  if (failed) return <FailedNotice failed={failed} acts={acts} />
  if (!last) return null
  return (
    <div className="line-result">
      <ReceiptFacts act={last} counts={counts} />
    </div>
  )
}
