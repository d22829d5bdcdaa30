import { FormattedMessage } from 'react-intl'
import type { Attention } from './headline.ts'

/** Why a line needs a look. */
export function AttentionText({ attention }: { readonly attention: Attention }) {
  const { action, why, lost, edition } = attention
  return (
    <p className="row-attention">
      {lost !== undefined ? (
        <FormattedMessage id="attention.lost" />
      ) : action === 'needs-decision' ? (
        <FormattedMessage id="attention.stopped" values={{ why: why ?? 'other' }} />
      ) : (
        <FormattedMessage
          id={edition === undefined ? 'attention.story' : 'attention.edition'}
          values={{ action }}
        />
      )}
    </p>
  )
}
