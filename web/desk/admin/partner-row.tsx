import { Button } from '@mantine/core'
import { FormattedDate, FormattedMessage, FormattedNumber } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { ConfirmButton } from '../platform/confirm-button.tsx'
import { ApproveButton } from './approve-button.tsx'
import type { IssuedKey, Partner, PartnerKey } from './partners.ts'
import { usePartnerUsage } from './use-partners.ts'

export interface PartnerRowProps {
  readonly api: ApiClient
  readonly shown: Partner
  readonly own: string
  readonly onChanged: () => void
  readonly onKey: (key: IssuedKey) => void
  /** The webhooks of the partner show below the table. */
  readonly isOpen: boolean
  readonly onOpen: () => void
}

export function PartnerRow({ api, shown, own, onChanged, onKey, isOpen, onOpen }: PartnerRowProps) {
  const { id, name, contact, feeds, filter, origins, expiresAt, onAir, version, keys, proposal } = shown
  const path = `/v1/partners/${id}`
  const named = { name: <bdi>{name}</bdi> }
  const waiting = [
    ...keys.filter(({ waitsFor }) => waitsFor !== undefined).map(({ by }) => by),
    ...(proposal ? [proposal.by] : []),
  ]
  return (
    <tr data-partner={name}>
      <th scope="row">
        <bdi>{name}</bdi>
        <br />
        <span className="dim">
          <bdi>{contact}</bdi>
        </span>
        {onAir && (
          <p className="dim" data-on-air>
            <FormattedMessage id="partnersPart.onAir" />
          </p>
        )}
      </th>
      <td>
        <bdi dir="ltr">{feeds.join(', ')}</bdi>
        {Object.keys(filter).length > 0 && (
          <p className="dim">
            <bdi dir="ltr">{Object.values(filter).flat().join(', ')}</bdi>
          </p>
        )}
        {origins.length > 0 && (
          <p className="dim">
            <bdi dir="ltr">{origins.join(', ')}</bdi>
          </p>
        )}
        {expiresAt !== undefined && (
          <p>
            <FormattedMessage id="partnersPart.ends" />{' '}
            <FormattedDate value={expiresAt} dateStyle="medium" timeStyle="short" />
          </p>
        )}
      </td>
      <td>
        {keys.map((key) => (
          <KeyLine key={key.id} api={api} path={path} shown={key} name={name} onChanged={onChanged} />
        ))}
        {waiting.length > 0 && (
          <p className="note-waits">
            <FormattedMessage id="admin.waits" />
          </p>
        )}
      </td>
      <td>
        <UsageText api={api} id={id} />
      </td>
      <td>
        <div className="line-buttons">
          {waiting.length > 0 && !waiting.includes(own) && (
            <ApproveButton api={api} path={path} version={version} onDone={onChanged} />
          )}
          <ConfirmButton
            label={<FormattedMessage id={keys.length === 0 ? 'partnersPart.issue' : 'partnersPart.rotate'} />}
            question={
              <FormattedMessage
                id={keys.length === 0 ? 'partnersPart.issueAsk' : 'partnersPart.rotateAsk'}
                values={named}
              />
            }
            isDangerous={false}
            send={() =>
              api.call<IssuedKey>(`${path}/${keys.length === 0 ? 'keys' : 'rotate'}`, {
                method: 'POST',
                body: {},
              })
            }
            onDone={onKey}
          />
          <Button variant="default" size="xs" aria-expanded={isOpen} onClick={onOpen}>
            <FormattedMessage id="partnersPart.webhooks" />
          </Button>
          <ConfirmButton
            label={<FormattedMessage id="partnersPart.remove" />}
            question={<FormattedMessage id="partnersPart.removeAsk" values={named} />}
            send={() => api.call(path, { method: 'DELETE' })}
            onDone={onChanged}
          />
        </div>
      </td>
    </tr>
  )
}

interface KeyLineProps extends Pick<PartnerRowProps, 'api' | 'onChanged'> {
  readonly path: string
  readonly name: string
  readonly shown: PartnerKey
}

function KeyLine({ api, path, name, shown: { id, createdAt, until }, onChanged }: KeyLineProps) {
  return (
    <div className="line-buttons">
      <span>
        <FormattedMessage id="partnersPart.keyOf" />{' '}
        <FormattedDate value={createdAt} dateStyle="medium" timeStyle="short" />
        {until !== undefined && (
          <>
            {' '}
            <FormattedMessage id="partnersPart.keyEnds" />{' '}
            <FormattedDate value={until} dateStyle="medium" timeStyle="short" />
          </>
        )}
      </span>
      <ConfirmButton
        label={<FormattedMessage id="partnersPart.revoke" />}
        question={<FormattedMessage id="partnersPart.revokeAsk" values={{ name: <bdi>{name}</bdi> }} />}
        send={() => api.call(`${path}/keys/${id}`, { method: 'DELETE' })}
        onDone={onChanged}
      />
    </div>
  )
}

/** Large units of data have no `unit` in all browsers; a megabyte has. */
const MEGABYTE = 1_000_000

function UsageText({ api, id }: { readonly api: ApiClient; readonly id: string }) {
  const total = usePartnerUsage(api, id)?.total
  if (!total) return null
  const { requests, connections, deliveries, bytes } = total
  return (
    <>
      <FormattedMessage id="partnersPart.usage" values={{ requests, connections, deliveries }} />
      <br />
      <FormattedNumber
        value={bytes / MEGABYTE}
        style="unit"
        unit="megabyte"
        unitDisplay="short"
        maximumFractionDigits={1}
      />
    </>
  )
}
