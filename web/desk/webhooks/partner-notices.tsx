import { FormattedDate, FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { DeliveryText } from './delivery-text.tsx'
import { usePartnerNotices } from './use-webhooks.ts'

const MINUTE_MS = 60_000

export interface PartnerNoticesProps {
  readonly api: ApiClient
  readonly feed: string
}

/** Partners whose webhook gets nothing, and partners that have not acknowledged a withdrawal. Nothing if all is well. */
export function PartnerNotices({ api, feed }: PartnerNoticesProps) {
  const notices = usePartnerNotices(api, feed)
  if (!notices) return null
  const { webhooks, recalls } = notices
  if (webhooks.length + recalls.length === 0) return null
  return (
    // The column may scroll: keys need a place in it.
    <section aria-labelledby="partner-notices-title" data-partner-notices tabIndex={0}>
      <h2 id="partner-notices-title">
        <FormattedMessage id="webhooks.notices" />
      </h2>
      <ul className="rows">
        {webhooks.map(({ id, name, contact, host, status, last }) => (
          <li key={id} className="row" data-notice={status}>
            <strong>
              <bdi>{name}</bdi>
            </strong>{' '}
            <FormattedMessage id={status === 'on' ? 'webhooks.failing' : `webhooks.status.${status}`} />
            <p className="dim">
              <bdi dir="ltr">{host}</bdi>, <bdi>{contact}</bdi>
            </p>
            {last && (
              <p className="dim">
                <DeliveryText delivery={last} />
              </p>
            )}
          </li>
        ))}
        {recalls.map(({ headline, withdrawnAt, missing }) => (
          <li key={headline} className="row" data-notice="recall">
            <FormattedMessage id="webhooks.recall" values={{ count: missing.length }} />{' '}
            <FormattedDate value={withdrawnAt} dateStyle="short" timeStyle="medium" />
            <ul>
              {missing.map(({ partner, name, contact, ageMs }) => (
                <li key={partner}>
                  <bdi>{name}</bdi>, <bdi>{contact}</bdi>,{' '}
                  <FormattedMessage id="webhooks.age" values={{ minutes: Math.floor(ageMs / MINUTE_MS) }} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  )
}
