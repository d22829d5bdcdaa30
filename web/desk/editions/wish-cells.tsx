import type { FeedTitle } from '../../sdk/types.ts'
import type { Edition } from './edition.ts'
import { PartState } from './part-state.tsx'
import type { UsedWish } from './use-wish.ts'
import { WishCell } from './wish-cell.tsx'

export interface WishCellsProps {
  readonly feeds: readonly FeedTitle[]
  /** The edition, once the API has accepted parts of it. */
  readonly edition: Edition | undefined
  readonly used: UsedWish
  /** The most graphemes of the feed at this index. */
  readonly mostOf: (index: number) => number
  /** The text of this feed is other news than the line that says the same. */
  readonly onForce: (feed: string) => void
}

/** A cell for each feed: its words, or its part as soon as the API has accepted it. */
export function WishCells({ feeds, edition, used, mostOf, onForce }: WishCellsProps) {
  const { wish, isSending, change } = used
  return (
    <div className="edition-cells">
      {feeds.map((feed, index) => {
        const part = edition?.parts.find((each) => each.feed === feed.id)
        const fault = wish.refused[feed.id]
        return (
          <section
            key={feed.id}
            className="edition-cell"
            aria-label={feed.title}
            data-feed={feed.id}
            data-refused={fault ? true : undefined}
          >
            {part && !fault ? (
              <>
                <h3>
                  <bdi>{feed.title}</bdi>
                </h3>
                <PartState feed={feed} part={part} />
              </>
            ) : (
              <WishCell
                feed={feed}
                text={wish.texts[feed.id] ?? ''}
                most={mostOf(index)}
                refusal={fault}
                isSending={isSending}
                onChange={(text) => change({ texts: { ...wish.texts, [feed.id]: text } })}
                onForce={() => onForce(feed.id)}
              />
            )}
          </section>
        )
      })}
    </div>
  )
}
