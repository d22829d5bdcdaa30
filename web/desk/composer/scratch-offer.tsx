import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Offer } from './use-scratch.ts'

export interface ScratchOfferProps {
  readonly offer: Offer<unknown>
  /** There are other words here, which the offered ones would replace. */
  readonly replaces: boolean
  /** The offered words. */
  readonly children: ReactNode
}

/** Offers words that the person has written in another browser. */
export function ScratchOffer({ offer, replaces, children }: ScratchOfferProps) {
  const intl = useIntl()
  return (
    <div
      className="composer-offer stack"
      role="group"
      aria-label={intl.formatMessage({ id: 'scratch.title' })}
    >
      <p>
        <FormattedMessage
          id="scratch.found"
          values={{
            time: intl.formatDate(offer.savedAt, {
              day: 'numeric',
              month: 'short',
              hour: '2-digit',
              minute: '2-digit',
              hourCycle: 'h23',
            }),
          }}
        />
      </p>
      {children}
      <div className="composer-row">
        <Button size="xs" onClick={offer.take}>
          <FormattedMessage id={replaces ? 'scratch.replace' : 'scratch.take'} />
        </Button>
        <Button size="xs" variant="default" onClick={offer.drop}>
          <FormattedMessage id="scratch.drop" />
        </Button>
      </div>
    </div>
  )
}
