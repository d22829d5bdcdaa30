import { FormattedMessage } from 'react-intl'
import type { Headline } from '../../sdk/types.ts'
import { useStill } from '../platform/calm.ts'
import type { DeskFeed } from '../platform/desk-feed.ts'
import { useServerTime } from '../platform/server-clock.ts'
import type { OutputState, PaintedWords } from './use-outputs.ts'

const MINUTE_MS = 60_000

export interface OutputRowProps {
  readonly feed: DeskFeed
  readonly lines: readonly Headline[] | undefined
  readonly shown: OutputState
}

/** An output on air with the words in its picture, as its graphic reports them. */
export function OutputRow({ feed, lines, shown: { name, lastReportAt, picture } }: OutputRowProps) {
  const state = lastReportAt === undefined ? 'silent' : picture.length === 0 ? 'empty' : 'shows'
  return (
    <li className="row" data-output={name} data-state={state}>
      <span className="row-facts">
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <span>
          <FormattedMessage id={`outputs.${state}`} />
        </span>
        {lastReportAt !== undefined && <ReportAge at={lastReportAt} />}
      </span>
      {picture.length > 0 && (
        <ul className="output-picture">
          {picture.map((words) => (
            <li key={`${words.headline} ${words.version}`}>
              <Words feed={feed} lines={lines} words={words} />
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

interface WordsProps extends Pick<OutputRowProps, 'feed' | 'lines'> {
  readonly words: PaintedWords
}

/** Live words as they are; others lead to their line, since they should have left the picture. */
function Words({ feed, lines, words: { headline, version } }: WordsProps) {
  if (!lines) return null
  const live = lines.find(({ id }) => id === headline)
  if (live?.version === version)
    return (
      <bdi lang={feed.lang} dir={feed.dir} className="row-text">
        {live.text}
      </bdi>
    )
  return (
    <span data-not-live>
      <strong className="fault">
        <FormattedMessage id={live ? 'outputs.older' : 'outputs.notLive'} />
      </strong>{' '}
      <a href={`#/archive/${headline}`}>
        <FormattedMessage id="outputs.line" />
      </a>
    </span>
  )
}

function ReportAge({ at }: { readonly at: string }) {
  const now = useServerTime(MINUTE_MS)
  const minutes = useStill(Math.max(0, Math.floor((now - Date.parse(at)) / MINUTE_MS)))
  return (
    <span>
      <FormattedMessage id="outputs.age" values={{ minutes }} />
    </span>
  )
}
