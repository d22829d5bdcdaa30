import { FormattedDate, FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import type { ApiClient } from '../platform/api-client.ts'
import { ConfirmButton } from '../platform/confirm-button.tsx'
import { ApproveButton } from './approve-button.tsx'
import { nameIn, type Account, type Stopped } from './people.ts'
import { RecoveryButtons, type RecoveryToken } from './recovery-buttons.tsx'
import { RoleList } from './role-list.tsx'
import { RolesButton } from './roles-button.tsx'
import { SessionsButton } from './sessions-button.tsx'

export interface PersonRowProps {
  readonly api: ApiClient
  readonly account: Account
  /** All accounts, for the names of those who act. */
  readonly accounts: readonly Account[]
  readonly feeds: readonly FeedTitle[]
  /** The account of the person at the desk. */
  readonly own: string
  readonly onChanged: (answer: Stopped | undefined) => void
  readonly onToken: (recovery: RecoveryToken) => void
}

export function PersonRow({ api, account, accounts, feeds, own, onChanged, onToken }: PersonRowProps) {
  const { id, name, email, roles, disabled, secondFactor, proposal, recovery, failedSignIns = 0 } = account
  const path = `/v1/accounts/${id}`
  const named = { name: <bdi>{name}</bdi> }
  return (
    <tr data-account={email}>
      <th scope="row">
        <bdi>{name}</bdi>
        <br />
        <bdi className="dim">{email}</bdi>
      </th>
      <td>
        <p>
          <RoleList roles={roles} />
        </p>
        {proposal && (
          <div className="note-waits">
            <p>
              <FormattedMessage
                id={proposal.removal ? 'people.removalWaits' : 'people.rolesWait'}
                values={{
                  by: <bdi>{nameIn(accounts, proposal.by)}</bdi>,
                  roles: <RoleList roles={proposal.roles} />,
                }}
              />
            </p>
            {![proposal.by, id].includes(own) && (
              <ApproveButton api={api} path={path} version={account.version} onDone={onChanged} />
            )}
          </div>
        )}
      </td>
      <td>
        <FormattedMessage id={secondFactor ? 'people.factorOn' : 'people.factorOff'} />
      </td>
      <td>
        <FormattedMessage id={disabled ? 'people.disabled' : 'people.enabled'} />
        {failedSignIns > 0 && (
          <p className="fault">
            <FormattedMessage id="people.failed" values={{ count: failedSignIns }} />
          </p>
        )}
        {recovery && (
          <p className="note-waits">
            <FormattedMessage
              id={recovery.waitsFor ? 'recovery.waits' : 'recovery.open'}
              values={{
                by: <bdi>{nameIn(accounts, recovery.by)}</bdi>,
                until: <FormattedDate value={recovery.until} dateStyle="medium" timeStyle="short" />,
              }}
            />
          </p>
        )}
      </td>
      <td>
        <div className="line-buttons">
          <RolesButton api={api} account={account} feeds={feeds} onDone={onChanged} />
          <ConfirmButton
            label={<FormattedMessage id={disabled ? 'people.enable' : 'people.disable'} />}
            question={
              <FormattedMessage id={disabled ? 'people.enableAsk' : 'people.disableAsk'} values={named} />
            }
            isDangerous={!disabled}
            send={() => api.call<Stopped>(`${path}/${disabled ? 'enable' : 'disable'}`, { method: 'POST' })}
            onDone={onChanged}
          />
          <ConfirmButton
            label={<FormattedMessage id="people.remove" />}
            question={<FormattedMessage id="people.removeAsk" values={named} />}
            send={() => api.call<Stopped>(path, { method: 'DELETE' })}
            onDone={onChanged}
          />
          {id !== own && (
            <>
              <SessionsButton api={api} account={account} />
              <RecoveryButtons
                api={api}
                account={account}
                own={own}
                onDone={() => onChanged(undefined)}
                onToken={onToken}
              />
            </>
          )}
        </div>
      </td>
    </tr>
  )
}
