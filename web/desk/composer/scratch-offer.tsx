import { Button } from '@mantine/core'
import { FormattedMessage, useIntl } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import type { Offer } from './use-scratch.ts'

export interface ScratchOfferProps {
  readonly feed: FeedTitle
  readonly offer: Offer
  /** There are other words here, which the offered ones would replace. */
  readonly replaces: boolean
}

/** Offers words that the person has written in another browser. */
export function ScratchOffer({ feed, offer, replaces }: ScratchOfferProps) {
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
      <blockquote lang={feed.lang} dir={feed.dir} className="quote">
        {offer.draft.words.text}
      </blockquote>
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
