import { FormattedMessage } from 'react-intl'
import type { Attention } from './headline.ts'

/** Why a line needs a look. */
export function AttentionText({ attention: { action, why, lost } }: { readonly attention: Attention }) {
  return (
    <p className="row-attention">
      {lost !== undefined ? (
        <FormattedMessage id="attention.lost" />
      ) : action === 'needs-decision' ? (
        <FormattedMessage id="attention.stopped" values={{ why: why ?? 'other' }} />
      ) : (
        <FormattedMessage id="attention.story" values={{ action }} />
      )}
    </p>
  )
}
