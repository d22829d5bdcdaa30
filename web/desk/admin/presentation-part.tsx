import { useQuery, useQueryClient } from '@tanstack/react-query'
import { FormattedMessage } from 'react-intl'
import type { StoredPresentation } from '../../../src/protocol/presentation.ts'
import type { ViewProps } from '../platform/view-props.ts'
import { PresentationForm } from './presentation-form.tsx'

/** The feed's own words, names of sections and digits, as readers see them. */
export function PresentationPart({ api, feed }: ViewProps) {
  const queries = useQueryClient()
  const path = `/v1/feeds/${feed.id}/presentation`
  const { data: stored } = useQuery({
    queryKey: ['presentation', feed.id],
    queryFn: () => api.read<StoredPresentation>(path),
  })
  return (
    <section aria-labelledby="presentation-title">
      <h3 id="presentation-title">
        <FormattedMessage id="presentation.title" values={{ feed: <bdi>{feed.title}</bdi> }} />
      </h3>
      {stored && (
        <PresentationForm
          key={stored.version}
          api={api}
          path={path}
          feed={feed}
          stored={stored}
          onDone={(now) => queries.setQueryData(['presentation', feed.id], now)}
        />
      )}
    </section>
  )
}
