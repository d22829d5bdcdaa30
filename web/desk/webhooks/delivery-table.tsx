import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { Table } from '../platform/table.tsx'
import { useAct } from '../platform/use-act.ts'
import { DeliveryText } from './delivery-text.tsx'
import { useDeliveries } from './use-webhooks.ts'
import type { Webhook } from './webhooks.ts'

export interface DeliveryTableProps {
  readonly api: ApiClient
  /** The path of the webhook. */
  readonly path: string
  readonly onChanged: () => void
}

/** The newest tries at a webhook, and a way to deliver again what came from a time on. */
export function DeliveryTable({ api, path, onChanged }: DeliveryTableProps) {
  const deliveries = useDeliveries(api, path)
  const [since, setSince] = useState('')
  const act = useAct()
  return (
    <>
      <form
        className="view-form"
        onSubmit={(event) => {
          event.preventDefault()
          const body = { since: new Date(since).toISOString() }
          act.run(() => api.call<Webhook>(`${path}/replay`, { method: 'POST', body }), onChanged)
        }}
      >
        <TextInput
          label={<FormattedMessage id="webhooks.since" />}
          type="datetime-local"
          required
          value={since}
          onChange={({ currentTarget: { value } }) => setSince(value)}
        />
        <Button type="submit" loading={act.isBusy}>
          <FormattedMessage id="webhooks.replay" />
        </Button>
        <Fault refusal={act.refusal} />
      </form>
      <Table
        caption="webhooks.deliveries"
        columns={['webhooks.message', 'receipt.position', 'webhooks.last', 'webhooks.took']}
        empty="webhooks.noDeliveries"
      >
        {(deliveries ?? []).map((delivery) => (
          <tr key={`${delivery.message} ${delivery.at}`}>
            <th scope="row">
              <bdi dir="ltr">{delivery.type}</bdi>
            </th>
            <td>
              <bdi dir="ltr">{delivery.position}</bdi>
            </td>
            <td>
              <DeliveryText delivery={delivery} />
            </td>
            <td>
              <FormattedMessage id="health.ms" values={{ ms: delivery.ms }} />
            </td>
          </tr>
        ))}
      </Table>
    </>
  )
}
