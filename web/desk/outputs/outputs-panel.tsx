import { FormattedMessage } from 'react-intl'
import type { Headline } from '../../sdk/types.ts'
import type { ApiClient } from '../platform/api-client.ts'
import { useStill } from '../platform/calm.ts'
import type { DeskFeed } from '../platform/desk-feed.ts'
import { OutputRow } from './output-row.tsx'
import { useOutputs } from './use-outputs.ts'
import './outputs.css'

export interface OutputsPanelProps {
  readonly api: ApiClient
  readonly feed: DeskFeed
  /** Live lines; undefined while they are read. */
  readonly lines: readonly Headline[] | undefined
  /** Readers at the newest release; undefined while they are read. */
  readonly readers: number | undefined
}

/** Where the words of a feed are now: with readers, with partners, and in the pictures of outputs on air. */
export function OutputsPanel({ api, feed, lines, readers: now }: OutputsPanelProps) {
  const outputs = useOutputs(api, feed.id)
  const readers = useStill(now)
  const partners = useStill(outputs?.partners)
  // The page without a key opens neither a drill nor a feed for partners.
  const hasPreview = !feed.drill && feed.visibility !== 'partners'
  return (
    // The column may scroll: keys need a place in it.
    <section className="outputs" aria-labelledby="outputs-title" data-outputs tabIndex={0}>
      <h2 id="outputs-title">
        <FormattedMessage id="outputs.title" />
      </h2>
      <dl className="facts">
        <div className="fact" data-output-web>
          <dt>
            <FormattedMessage id="outputs.web" />
          </dt>
          <dd>
            <FormattedMessage
              id={readers === undefined ? 'outputs.unknown' : 'outputs.readers'}
              values={{ readers }}
            />
          </dd>
        </div>
        <div className="fact" data-output-partners>
          <dt>
            <FormattedMessage id="outputs.partners" />
          </dt>
          <dd>
            <FormattedMessage
              id={partners === undefined ? 'outputs.unknown' : 'outputs.usage'}
              values={{ ...partners }}
            />
          </dd>
        </div>
      </dl>
      <h3 className="group-title">
        <FormattedMessage id="outputs.onAir" />
      </h3>
      {outputs && outputs.onAir.length > 0 ? (
        <ul className="rows">
          {outputs.onAir.map((output) => (
            <OutputRow key={output.output} feed={feed} lines={lines} shown={output} />
          ))}
        </ul>
      ) : (
        <p className="dim">
          <FormattedMessage id={outputs ? 'outputs.none' : 'outputs.unknown'} />
        </p>
      )}
      {hasPreview && (
        <p className="outputs-preview">
          <a href={`/on-air/${feed.id}?look=crawl`} target="_blank" rel="noopener">
            <FormattedMessage id="outputs.preview" />
          </a>
        </p>
      )}
    </section>
  )
}
