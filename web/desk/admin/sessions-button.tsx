import { Button, Modal } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { SessionTable, type ListedSession } from '../account/session-table.tsx'
import type { ApiClient } from '../platform/api-client.ts'
import { ConfirmButton } from '../platform/confirm-button.tsx'
import type { Account } from './people.ts'

/** Shows the sessions of another person, and ends them. */
export function SessionsButton({ api, account }: { readonly api: ApiClient; readonly account: Account }) {
  const [isOpen, setIsOpen] = useState(false)
  const queries = useQueryClient()
  const path = `/v1/accounts/${account.id}/sessions`
  const queryKey = ['people', 'sessions', account.id]
  const { data: sessions = [] } = useQuery({
    queryKey,
    queryFn: async () => (await api.read<{ sessions: readonly ListedSession[] }>(path)).sessions,
    enabled: isOpen,
  })
  const named = { name: <bdi>{account.name}</bdi> }
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setIsOpen(true)}>
        <FormattedMessage id="sessions.title" />
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        withCloseButton={false}
        size="xl"
        title={<FormattedMessage id="sessions.of" values={named} />}
      >
        <div className="stack">
          <SessionTable sessions={sessions} />
          <div className="line-buttons">
            {sessions.length > 0 && (
              <ConfirmButton
                label={<FormattedMessage id="sessions.endAll" />}
                question={<FormattedMessage id="sessions.endAllAsk" values={named} />}
                send={() => api.call(path, { method: 'DELETE' })}
                onDone={() => queries.invalidateQueries({ queryKey })}
              />
            )}
            <Button variant="default" size="xs" onClick={() => setIsOpen(false)} data-autofocus>
              <FormattedMessage id="view.close" />
            </Button>
          </div>
        </div>
      </Modal>
    </>
  )
}
