import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'
import type { Account } from './people.ts'
import { RoleFields } from './role-fields.tsx'

export interface RolesButtonProps {
  readonly api: ApiClient
  readonly account: Account
  readonly feeds: readonly FeedTitle[]
  readonly onDone: (account: Account) => void
}

/** Changes the roles of a person; where a second admin has to approve, the row says so afterwards. */
export function RolesButton({ api, account, feeds, onDone }: RolesButtonProps) {
  const [roles, setRoles] = useState(account.roles)
  const [isOpen, setIsOpen] = useState(false)
  const act = useAct()

  function open(): void {
    act.forget()
    setRoles(account.roles)
    setIsOpen(true)
  }

  const send = () =>
    api.call<Account>(`/v1/accounts/${account.id}/roles`, { method: 'POST', body: { roles } })
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        <FormattedMessage id="people.changeRoles" />
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        withCloseButton={false}
        title={<FormattedMessage id="people.rolesOf" values={{ name: <bdi>{account.name}</bdi> }} />}
      >
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            act.run(send, (changed) => {
              setIsOpen(false)
              onDone(changed)
            })
          }}
        >
          <RoleFields feeds={feeds} value={roles} onChange={setRoles} />
          <Fault refusal={act.refusal} />
          <div className="line-buttons">
            <Button type="submit" loading={act.isBusy}>
              <FormattedMessage id="people.saveRoles" />
            </Button>
            <Button variant="default" onClick={() => setIsOpen(false)}>
              <FormattedMessage id="view.cancel" />
            </Button>
          </div>
        </form>
      </Modal>
    </>
  )
}
