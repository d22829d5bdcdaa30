import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { ShownOnce } from '../platform/shown-once.tsx'
import { Table } from '../platform/table.tsx'
import { DeliveryTable } from '../webhooks/delivery-table.tsx'
import { useReadWebhooksAgain, useWebhooks } from '../webhooks/use-webhooks.ts'
import { WebhookForm } from '../webhooks/webhook-form.tsx'
import { WebhookRow } from './webhook-row.tsx'
import type { IssuedWebhook } from '../webhooks/webhooks.ts'

export interface WebhooksSectionProps {
  readonly api: ApiClient
  readonly partner: { readonly id: string; readonly name: string; readonly feeds: readonly string[] }
  /** The person who is signed in. */
  readonly own: string
}

/** The webhooks of a partner with the state of their deliveries. A new secret is shown once. */
export function WebhooksSection({ api, partner, own }: WebhooksSectionProps) {
  const read = useWebhooks(api, partner.id)
  const readAgain = useReadWebhooksAgain()
  const [issued, setIssued] = useState<IssuedWebhook>()
  const [opened, setOpened] = useState<string>()
  const path = `/v1/partners/${partner.id}/webhooks`

  function show(made: IssuedWebhook): void {
    setIssued(made)
    readAgain()
  }

  return (
    <section aria-labelledby="webhooks-title" data-webhooks={partner.name}>
      <h3 id="webhooks-title">
        <FormattedMessage id="webhooks.title" values={{ name: <bdi>{partner.name}</bdi> }} />
      </h3>
      <WebhookForm api={api} path={path} feeds={partner.feeds} onMade={show} />
      {issued && (
        <ShownOnce secret={issued.secret} onDone={() => setIssued(undefined)}>
          <FormattedMessage id="webhooks.made" values={{ name: <bdi>{partner.name}</bdi> }} />
        </ShownOnce>
      )}
      <Table
        caption="webhooks.caption"
        columns={['webhooks.address', 'webhooks.state', 'webhooks.last', 'people.acts']}
        empty="webhooks.none"
      >
        {(read?.webhooks ?? []).map((webhook) => (
          <WebhookRow
            key={webhook.id}
            api={api}
            path={`${path}/${webhook.id}`}
            shown={webhook}
            approval={{ path: `/v1/partners/${partner.id}`, version: read?.version ?? 0, own }}
            isOpen={webhook.id === opened}
            onOpen={() => setOpened((now) => (now === webhook.id ? undefined : webhook.id))}
            onChanged={readAgain}
            onIssued={show}
          />
        ))}
      </Table>
      {opened !== undefined && <DeliveryTable api={api} path={`${path}/${opened}`} onChanged={readAgain} />}
    </section>
  )
}
