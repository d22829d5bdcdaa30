import { VisuallyHidden } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import type { Part } from './edition.ts'
import { Lag } from './part-state.tsx'
import { useDeliveries } from './use-edition.ts'

export interface EditionReceiptProps {
  readonly api: ApiClient
  readonly parts: readonly Part[]
}

/** One receipt for all parts: how many are out, how far they lie apart, and how often they were delivered. */
export function EditionReceipt({ api, parts }: EditionReceiptProps) {
  const written = useDeliveries(api, parts)
  const out = parts.filter(({ lagMs }) => lagMs !== undefined)
  const spread = Math.max(0, ...out.map(({ lagMs = 0 }) => lagMs))
  if (parts.length === 0) return null
  const count = <FormattedMessage id="edition.out" values={{ out: out.length, all: parts.length }} />
  return (
    <p className="row-facts" data-edition-receipt>
      {/* Only the number of parts is announced: the counts change all the time. */}
      <VisuallyHidden role="status">{count}</VisuallyHidden>
      <strong aria-hidden="true">{count}</strong>
      {out.length > 1 && (
        <span>
          <Lag ms={spread} id="edition.spread" />
        </span>
      )}
      {written !== undefined && (
        <span>
          <FormattedMessage id="edition.deliveries" values={{ count: written }} />
        </span>
      )}
    </p>
  )
}
