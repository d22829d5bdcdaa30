import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { PaintedTimes } from '../results/painted-times.tsx'
import { useLinePaintings } from '../results/use-newest-receipt.ts'

export interface LinePaintingsProps {
  readonly api: ApiClient
  readonly feed: string
  readonly id: string
}

/** When each output on air has shown the line, by its newest report. Nothing where no output has. */
export function LinePaintings({ api, feed, id }: LinePaintingsProps) {
  const paintings = useLinePaintings(api, feed, id)
  // The answer is in the order of the first frames, so the newest of each output stays.
  const newest = new Map(paintings.map((painting) => [painting.output, painting]))
  if (newest.size === 0) return null
  return (
    <ul className="line-result line-paintings" data-paintings>
      {[...newest.values()].map((painting) => (
        <li key={painting.output} className="row-facts">
          <strong>
            <FormattedMessage id="outputs.onAir" />
          </strong>
          <bdi>{painting.name}</bdi>
          <span>
            <FormattedMessage id="outputs.version" values={{ version: painting.version }} />
          </span>
          <PaintedTimes painting={painting} />
        </li>
      ))}
    </ul>
  )
}
