import { FormattedDate, FormattedMessage } from 'react-intl'
import type { Delivery } from './webhooks.ts'

/** The result of one try, in a line. */
export function DeliveryText({ delivery }: { readonly delivery: Delivery }) {
  const { outcome, fault, status, at } = delivery
  return (
    <>
      <FormattedMessage
        id={fault === undefined ? `webhooks.outcome.${outcome}` : `webhooks.fault.${fault}`}
      />
      {status !== undefined && <bdi dir="ltr"> ({status})</bdi>}{' '}
      <FormattedDate value={at} dateStyle="short" timeStyle="medium" />
    </>
  )
}
