import type { ApiClient } from '../platform/api-client.ts'
import type { NewestReceipt } from '../results/newest-receipt.ts'
import { useLineReceipt } from '../results/use-newest-receipt.ts'
import { Counts } from './receipt-facts.tsx'

export interface SavedReceiptProps {
  readonly api: ApiClient
  readonly feed: string
  readonly id: string
  readonly counts: ReadonlyMap<string, NewestReceipt>
}

/** The position and the screens of a line that a colleague has released. */
export function SavedReceipt({ api, feed, id, counts }: SavedReceiptProps) {
  const read = useLineReceipt(api, feed, id)
  if (!read) return null
  return (
    <div className="line-result row-facts">
      <bdi>{read.position}</bdi>
      <Counts counted={counts.get(read.position) ?? read} />
    </div>
  )
}
