import { useQuery } from '@tanstack/react-query'
import { FormattedMessage } from 'react-intl'
import { hasRole } from '../composer/may-publish.ts'
import { RefusedError } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import type { ViewProps } from '../platform/view-props.ts'
import { ReceiptTable } from './receipt-table.tsx'
import { VersionList, type LineVersion } from './version-list.tsx'

export interface ArchivedLineProps extends ViewProps {
  readonly id: string
}

interface LineRecord {
  readonly id: string
  readonly status: 'live'
  readonly erased?: true
  readonly versions: readonly LineVersion[]
}

/** Everything that was done with one line, by whom and why, and what readers received of it. */
export function ArchivedLine({ api, session, feed, id }: ArchivedLineProps) {
  const path = `/v1/feeds/${feed.id}/headlines/${encodeURIComponent(id)}`
  const { data: line, error } = useQuery({
    queryKey: ['headline', feed.id, id, 'record'],
    queryFn: () => api.read<LineRecord>(path),
  })
  return (
    <section className="view-part" aria-labelledby="line-title">
      <p className="view-links">
        <a href="#/archive">
          <FormattedMessage id="archive.back" />
        </a>
        {hasRole(session, feed.id, 'chief') && (
          <a href={`#/audit/${id}`}>
            <FormattedMessage id="audit.scope.line" />
          </a>
        )}
      </p>
      <h2 id="line-title">
        <FormattedMessage id="archive.line" />
      </h2>
      <Fault refusal={error instanceof RefusedError ? error.refusal : undefined} />
      {line && (
        <>
          <p className="dim">
            <FormattedMessage id={`status.${line.status}`} /> · <code dir="ltr">{line.id}</code>
          </p>
          {line.erased && (
            <p className="fault">
              <FormattedMessage id="archive.erased" />
            </p>
          )}
          <VersionList feed={feed} versions={line.versions} />
          <ReceiptTable api={api} path={path} />
        </>
      )}
    </section>
  )
}
