import { useQuery, useQueryClient } from '@tanstack/react-query'
import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { ConfirmButton } from '../platform/confirm-button.tsx'
import { SessionTable, type ListedSession } from './session-table.tsx'

/** Where the person is signed in; each other session can be ended. */
export function OwnSessions({ api }: { readonly api: ApiClient }) {
  const queries = useQueryClient()
  const { data: sessions = [] } = useQuery({
    queryKey: ['sessions'],
    queryFn: async () => (await api.read<{ sessions: readonly ListedSession[] }>('/v1/sessions')).sessions,
  })
  return (
    <section aria-labelledby="own-sessions">
      <h3 id="own-sessions">
        <FormattedMessage id="sessions.title" />
      </h3>
      <SessionTable
        sessions={sessions}
        endButton={({ id, ip }) => (
          <ConfirmButton
            label={<FormattedMessage id="sessions.end" />}
            question={<FormattedMessage id="sessions.endAsk" values={{ ip: <bdi>{ip}</bdi> }} />}
            send={() => api.call(`/v1/sessions/${id}`, { method: 'DELETE' })}
            onDone={() => queries.invalidateQueries({ queryKey: ['sessions'] })}
          />
        )}
      />
      <ConfirmButton
        label={<FormattedMessage id="sessions.everywhere" />}
        question={<FormattedMessage id="sessions.everywhereAsk" />}
        send={() => api.call('/v1/sessions', { method: 'DELETE' })}
        onDone={() => void api.call('/v1/session')}
      />
    </section>
  )
}
