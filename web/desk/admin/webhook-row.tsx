import { Button } from '@mantine/core'
import { FormattedDate, FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { ConfirmButton } from '../platform/confirm-button.tsx'
import { ApproveButton } from './approve-button.tsx'
import { DeliveryText } from '../webhooks/delivery-text.tsx'
import type { IssuedWebhook, Webhook } from '../webhooks/webhooks.ts'

export interface WebhookRowProps {
  readonly api: ApiClient
  readonly path: string
  readonly shown: Webhook
  readonly approval: { readonly path: string; readonly version: number; readonly own: string }
  readonly isOpen: boolean
  readonly onOpen: () => void
  readonly onChanged: () => void
  readonly onIssued: (issued: IssuedWebhook) => void
}

export function WebhookRow(props: WebhookRowProps) {
  const { api, path, shown, approval, isOpen, onOpen, onChanged, onIssued } = props
  const { feed, url, status, failures, nextTryAt, last, delivered } = shown
  const isStopped = status === 'paused' || status === 'disabled'
  const post = (act: string) => api.call<Webhook>(`${path}/${act}`, { method: 'POST' })
  return (
    <tr data-webhook={url}>
      <th scope="row">
        <bdi dir="ltr">{url}</bdi>
        <p className="dim">
          <bdi dir="ltr">{feed}</bdi>
        </p>
      </th>
      <td data-status={status}>
        <p className={isStopped ? 'fault' : undefined}>
          <FormattedMessage id={`webhooks.status.${status}`} />
        </p>
        <p>
          <FormattedMessage id="webhooks.counts" values={{ delivered, failures }} />
        </p>
        {nextTryAt !== undefined && (
          <p>
            <FormattedMessage id="webhooks.nextTry" />{' '}
            <FormattedDate value={nextTryAt} dateStyle="medium" timeStyle="medium" />
          </p>
        )}
      </td>
      <td>{last && <DeliveryText delivery={last} />}</td>
      <td>
        <div className="line-buttons">
          {status === 'waits' && shown.by !== approval.own && (
            <ApproveButton api={api} path={approval.path} version={approval.version} onDone={onChanged} />
          )}
          {(isStopped || failures > 0) && (
            <ConfirmButton
              label={<FormattedMessage id="webhooks.enable" />}
              question={<FormattedMessage id="webhooks.enableAsk" />}
              isDangerous={false}
              send={() => post('enable')}
              onDone={onChanged}
            />
          )}
          <ConfirmButton
            label={<FormattedMessage id="webhooks.ping" />}
            question={<FormattedMessage id="webhooks.pingAsk" />}
            isDangerous={false}
            send={() => post('ping')}
            onDone={onChanged}
          />
          <Button variant="default" size="xs" aria-expanded={isOpen} onClick={onOpen}>
            <FormattedMessage id="webhooks.log" />
          </Button>
          <ConfirmButton
            label={<FormattedMessage id="webhooks.rotate" />}
            question={<FormattedMessage id="webhooks.rotateAsk" />}
            isDangerous={false}
            send={() => api.call<IssuedWebhook>(`${path}/rotate`, { method: 'POST', body: {} })}
            onDone={onIssued}
          />
          <ConfirmButton
            label={<FormattedMessage id="partnersPart.remove" />}
            question={<FormattedMessage id="webhooks.removeAsk" />}
            send={() => api.call(path, { method: 'DELETE' })}
            onDone={onChanged}
          />
        </div>
      </td>
    </tr>
  )
}
