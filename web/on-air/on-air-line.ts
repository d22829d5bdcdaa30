import { directionOf } from '../../src/protocol/direction-of.ts'
import { urgencyWord, type LineWords } from '../../src/protocol/line-words.ts'
import { shownUrgency } from '../../src/protocol/shown-urgency.ts'
import { clockText } from '../lines/time-text.ts'
import type { FeedTitle, Headline } from '../sdk/index.ts'

/** A line as the picture shows it. */
export interface OnAirLine {
  readonly id: string
  readonly version: number
  /** Another one when the words change. The end of a label changes nothing in it. */
  readonly key: string
  readonly text: string
  readonly speaker: string | undefined
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  /** The word that calls the line breaking; undefined when its time is over. */
  readonly label: string | undefined
  /** That the line was corrected, and when. */
  readonly mark: string | undefined
}

export interface LineSurroundings {
  readonly words: LineWords
  readonly feed: Pick<FeedTitle, 'lang' | 'dir'>
  /** The server's time. */
  readonly now: number
}

export function onAirLine(headline: Headline, { words, feed, now }: LineSurroundings): OnAirLine {
  const { id, version, text, speaker, urgency, corrected } = headline
  const lang = headline.lang ?? feed.lang
  const dir = headline.lang === undefined ? feed.dir : directionOf(headline.lang)
  const shown = shownUrgency(headline, now)
  const mark =
    corrected === undefined ? undefined : `${words.corrected} ${clockText(corrected, now, words.locale)}`
  return {
    id,
    version,
    key: JSON.stringify([text, speaker, lang, urgency, corrected]),
    text,
    speaker,
    lang,
    dir,
    label: shown === 'routine' ? undefined : urgencyWord(words, shown),
    mark,
  }
}
