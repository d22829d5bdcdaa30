import { FormattedDate, FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { ConfirmButton } from '../platform/confirm-button.tsx'
import { ApproveButton } from './approve-button.tsx'
import { nameIn, type Account, type Key, type Stopped } from './people.ts'
import { RoleList } from './role-list.tsx'

export interface KeyRowProps {
  readonly api: ApiClient
  readonly shown: Key
  readonly accounts: readonly Account[] | undefined
  readonly own: string
  readonly onChanged: (answer?: Stopped) => void
}

export function KeyRow({ api, shown, accounts, own, onChanged }: KeyRowProps) {
  const { id, name, kind, owner, roles, expiresAt, version, waitsFor, frozenSince } = shown
  const path = `/v1/keys/${id}`
  const named = { name: <bdi>{name}</bdi> }
  return (
    <tr data-key={name}>
      <th scope="row">
        <bdi>{name}</bdi>
        <br />
        <span className="dim">
          <FormattedMessage id={`keysPart.kind.${kind}`} />
        </span>
      </th>
      <td>
        <RoleList roles={roles} />
      </td>
      <td>
        <bdi>{nameIn(accounts, owner)}</bdi>
      </td>
      <td>
        {expiresAt === undefined ? (
          <FormattedMessage id="keysPart.forever" />
        ) : (
          <FormattedDate value={expiresAt} dateStyle="medium" timeStyle="short" />
        )}
        {waitsFor && (
          <p className="note-waits">
            <FormattedMessage id="admin.waits" />
          </p>
        )}
        {frozenSince && (
          <p className="fault">
            <FormattedMessage
              id="keysPart.frozen"
              values={{ feeds: <bdi>{Object.keys(frozenSince).join(', ')}</bdi> }}
            />
          </p>
        )}
      </td>
      <td>
        <div className="line-buttons">
          {waitsFor && owner !== own && (
            <ApproveButton api={api} path={path} version={version} onDone={() => onChanged()} />
          )}
          {frozenSince && (
            <ConfirmButton
              label={<FormattedMessage id="keysPart.thaw" />}
              question={<FormattedMessage id="keysPart.thawAsk" values={named} />}
              send={() => api.call(`${path}/thaw`, { method: 'POST' })}
              onDone={() => onChanged()}
            />
          )}
          <ConfirmButton
            label={<FormattedMessage id="keysPart.revoke" />}
            question={<FormattedMessage id="keysPart.revokeAsk" values={named} />}
            send={() => api.call<Stopped>(path, { method: 'DELETE' })}
            onDone={onChanged}
          />
        </div>
      </td>
    </tr>
  )
}
