import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormattedDate, FormattedMessage } from 'react-intl'
import { useFeeds } from '../lines/use-feed-lists.ts'
import { ConfirmButton } from '../platform/confirm-button.tsx'
import { Fault } from '../platform/fault.tsx'
import { ShownOnce } from '../platform/shown-once.tsx'
import { Table } from '../platform/table.tsx'
import { useAct } from '../platform/use-act.ts'
import type { PersonViewProps } from '../platform/view-props.ts'
import { ApproveButton } from './approve-button.tsx'
import { nameIn, type FeedRoles, type Invitation } from './people.ts'
import { RoleFields } from './role-fields.tsx'
import { RoleList } from './role-list.tsx'
import { useAccounts, useInvitations, useReadPeopleAgain } from './use-people.ts'

const reporter: FeedRoles = { '*': 'reporter' }

/** Invites people, and shows the invitations that can still be accepted. */
export function InvitationsPart({ api, session }: PersonViewProps) {
  const invitations = useInvitations(api)
  const accounts = useAccounts(api)
  const feeds = useFeeds(api, session) ?? []
  const readAgain = useReadPeopleAgain()
  const [email, setEmail] = useState('')
  const [roles, setRoles] = useState(reporter)
  const [made, setMade] = useState<Invitation & { token: string }>()
  const act = useAct()

  function invite(): void {
    const send = () =>
      api.call<Invitation & { token: string }>('/v1/invitations', { method: 'POST', body: { email, roles } })
    act.run(send, (invitation) => {
      setMade(invitation)
      setEmail('')
      setRoles(reporter)
      readAgain()
    })
  }

  return (
    <>
      <form
        className="view-form"
        onSubmit={(event) => {
          event.preventDefault()
          invite()
        }}
      >
        <TextInput
          label={<FormattedMessage id="invitations.email" />}
          type="email"
          dir="ltr"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <RoleFields feeds={feeds} value={roles} onChange={setRoles} />
        <Button type="submit" loading={act.isBusy}>
          <FormattedMessage id="invitations.send" />
        </Button>
        <Fault refusal={act.refusal} />
      </form>
      {made && (
        <ShownOnce
          secret={`${location.origin}/desk#invitation=${made.token}`}
          onDone={() => setMade(undefined)}
        >
          <FormattedMessage
            id={made.waitsFor ? 'invitations.madeWaits' : 'invitations.made'}
            values={{ email: <bdi>{made.email}</bdi> }}
          />
        </ShownOnce>
      )}
      <Table
        caption="invitations.caption"
        columns={['invitations.email', 'people.roles', 'invitations.by', 'invitations.until', 'people.acts']}
        empty="invitations.none"
      >
        {(invitations ?? []).map(({ id, email: invited, roles: given, by, expiresAt, version, waitsFor }) => (
          <tr key={id} data-invitation={invited}>
            <th scope="row">
              <bdi>{invited}</bdi>
            </th>
            <td>
              <RoleList roles={given} />
            </td>
            <td>
              <bdi>{nameIn(accounts, by)}</bdi>
            </td>
            <td>
              <FormattedDate value={expiresAt} dateStyle="medium" timeStyle="short" />
              {waitsFor && (
                <p className="note-waits">
                  <FormattedMessage id="admin.waits" />
                </p>
              )}
            </td>
            <td>
              <div className="line-buttons">
                {waitsFor && by !== session.person && (
                  <ApproveButton
                    api={api}
                    path={`/v1/invitations/${id}`}
                    version={version}
                    onDone={readAgain}
                  />
                )}
                <ConfirmButton
                  label={<FormattedMessage id="invitations.withdraw" />}
                  question={
                    <FormattedMessage id="invitations.withdrawAsk" values={{ email: <bdi>{invited}</bdi> }} />
                  }
                  send={() => api.call(`/v1/invitations/${id}`, { method: 'DELETE' })}
                  onDone={readAgain}
                />
              </div>
            </td>
          </tr>
        ))}
      </Table>
    </>
  )
}
