import { Button, NativeSelect } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { RefusedError } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { Table } from '../platform/table.tsx'
import type { ViewProps } from '../platform/view-props.ts'
import { AuditRow, type AuditEntry } from './audit-row.tsx'
import { readAuditBefore } from './read-audit-before.ts'

/** The audit of the feed, newest first; for admins also that of people, keys and invitations. */
export function AuditView({ api, session, feed }: ViewProps) {
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
    <section className="view-part" aria-labelledby="audit-title">
      <h2 id="audit-title">
        <FormattedMessage id="view.audit" />
      </h2>
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
        <Table
          caption={`audit.scope.${scope}`}
          columns={['audit.number', 'audit.at', 'audit.who', 'audit.act', 'audit.detail']}
          empty="audit.none"
        >
          {entries.map((entry) => (
            <AuditRow key={entry.n} entry={entry} isOfFeed={scope === 'feed'} />
          ))}
        </Table>
      )}
      {hasNextPage && (
        <Button variant="default" loading={isFetching} onClick={() => void fetchNextPage()}>
          <FormattedMessage id="audit.earlier" />
        </Button>
      )}
    </section>
  )
}
