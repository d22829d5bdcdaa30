import { Button, NativeSelect } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { RefusedError } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAddress } from '../platform/use-address.ts'
import type { ViewProps } from '../platform/view-props.ts'
import type { AuditEntry } from './audit-row.tsx'
import { AuditTable } from './audit-table.tsx'
import { LineAudit } from './line-audit.tsx'
import { readAuditBefore } from './read-audit-before.ts'

/** The audit of the feed, and that of one of its lines: `#/audit/ID`. */
export function AuditView(props: ViewProps) {
  const { api, feed } = props
  const [, id] = useAddress()
  return (
    <section className="view-part" aria-labelledby="audit-title">
      <h2 id="audit-title">
        <FormattedMessage id={id === undefined ? 'view.audit' : 'audit.scope.line'} />
      </h2>
      {id === undefined ? <WholeAudit {...props} /> : <LineAudit key={id} api={api} feed={feed.id} id={id} />}
    </section>
  )
}

/** All acts in the feed, newest first; for admins also those on people, keys and invitations. */
function WholeAudit({ api, session, feed }: ViewProps) {
  const intl = useIntl()
  const [scope, setScope] = useState<'feed' | 'people'>('feed')
  const path = scope === 'feed' ? `/v1/feeds/${feed.id}/audit` : '/v1/audit'
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: ['audit', path],
    queryFn: ({ pageParam }) => readAuditBefore(api, path, pageParam),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ earlier }) => earlier,
  })
  const entries: readonly AuditEntry[] = data?.pages.flatMap((page) => page.entries) ?? []
  return (
    <>
      {session.roles?.['*'] === 'admin' && (
        <NativeSelect
          className="view-narrow"
          label={<FormattedMessage id="audit.scope" />}
          value={scope}
          data={(['feed', 'people'] as const).map((value) => ({
            value,
            label: intl.formatMessage({ id: `audit.scope.${value}` }),
          }))}
          onChange={({ currentTarget: { value } }) => setScope(value === 'people' ? 'people' : 'feed')}
        />
      )}
      <Fault refusal={error instanceof RefusedError ? error.refusal : undefined} />
      {data && (
        <AuditTable
          caption={`audit.scope.${scope}`}
          entries={entries}
          linksTo={scope === 'feed' ? 'line' : undefined}
        />
      )}
      {hasNextPage && (
        <Button variant="default" loading={isFetching} onClick={() => void fetchNextPage()}>
          <FormattedMessage id="audit.earlier" />
        </Button>
      )}
    </>
  )
}
