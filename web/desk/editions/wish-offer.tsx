import type { FeedTitle } from '../../sdk/types.ts'
import { ScratchOffer } from '../composer/scratch-offer.tsx'
import type { Offer } from '../composer/use-scratch.ts'
import type { Wish } from './wish.ts'

export interface WishOfferProps {
  readonly feeds: readonly FeedTitle[]
  readonly offer: Offer<Wish>
  /** There are other words here, which the offered ones would replace. */
  readonly replaces: boolean
}

/** Offers the words of an edition that the person has written in another browser. */
export function WishOffer({ feeds, offer, replaces }: WishOfferProps) {
  const { texts } = offer.draft
  return (
    <ScratchOffer offer={offer} replaces={replaces}>
      {feeds
        .filter(({ id }) => (texts[id] ?? '') !== '')
        .map(({ id, lang, dir }) => (
          <blockquote key={id} lang={lang} dir={dir} className="quote">
            {texts[id]}
          </blockquote>
        ))}
    </ScratchOffer>
  )
}
