import { useQuery, useQueryClient } from '@tanstack/react-query'
import { FormattedDate, FormattedMessage, FormattedNumber } from 'react-intl'
import { RefusedError } from '../platform/api-client.ts'
import { ConfirmButton } from '../platform/confirm-button.tsx'
import { Fault } from '../platform/fault.tsx'
import { Table } from '../platform/table.tsx'
import type { PersonViewProps } from '../platform/view-props.ts'
import { RetryButton } from './retry-button.tsx'

const REFRESH_MS = 5_000
const states = ['waiting', 'active', 'delayed', 'completed', 'failed'] as const

interface Queue {
  readonly name: string
  readonly counts: Readonly<Record<(typeof states)[number], number>>
  readonly failed: readonly {
    readonly id: string
    readonly feed: string
    readonly reason: string
    readonly tries: number
    readonly failedAt: string
  }[]
}

/** The workers' queues. A job only says that a feed has a line due: removing one loses no line. */
export function QueuesView({ api }: PersonViewProps) {
  const queries = useQueryClient()
  const { data: queues = [], error } = useQuery({
    queryKey: ['queues'],
    queryFn: async () => (await api.read<{ queues: readonly Queue[] }>('/v1/queues')).queues,
    refetchInterval: REFRESH_MS,
  })
  const readAgain = () => void queries.invalidateQueries({ queryKey: ['queues'] })
  return (
    <section className="view-part" aria-labelledby="queues-title">
      <h2 id="queues-title">
        <FormattedMessage id="view.queues" />
      </h2>
      <p className="dim">
        <FormattedMessage id="queues.help" />
      </p>
      <Fault refusal={error instanceof RefusedError ? error.refusal : undefined} />
      <Table
        caption="queues.counts"
        columns={['queues.name', ...states.map((state) => `queues.${state}` as const)]}
        empty="list.loading"
      >
        {queues.map(({ name, counts }) => (
          <tr key={name} data-queue={name}>
            <th scope="row">{name}</th>
            {states.map((state) => (
              <td key={state} className="table-number" data-state={state}>
                <FormattedNumber value={counts[state]} />
              </td>
            ))}
          </tr>
        ))}
      </Table>
      <Table
        caption="queues.failedJobs"
        columns={['queues.feed', 'queues.reason', 'queues.tries', 'queues.failedAt', 'people.acts']}
        empty="queues.noneFailed"
      >
        {queues.flatMap(({ name, failed }) =>
          failed.map(({ id, feed, reason, tries, failedAt }) => {
            const path = `/v1/queues/${name}/jobs/${encodeURIComponent(id)}`
            return (
              <tr key={`${name} ${id}`} data-job={id}>
                <th scope="row">
                  <bdi>{feed}</bdi>
                </th>
                <td>
                  <bdi>{reason}</bdi>
                </td>
                <td className="table-number">
                  <FormattedNumber value={tries} />
                </td>
                <td>
                  <FormattedDate value={failedAt} dateStyle="medium" timeStyle="medium" />
                </td>
                <td>
                  <div className="line-buttons">
                    <RetryButton api={api} path={path} onDone={readAgain} />
                    <ConfirmButton
                      label={<FormattedMessage id="queues.remove" />}
                      question={<FormattedMessage id="queues.removeAsk" />}
                      send={() => api.call(path, { method: 'DELETE' })}
                      onDone={readAgain}
                    />
                  </div>
                </td>
              </tr>
            )
          }),
        )}
      </Table>
    </section>
  )
}
