import type { Urgency } from '../../src/protocol/lists/urgencies.ts'
import type { TimeText } from '../lines/time-text.ts'

/** The ticker's own texts. `#` stands for a number or a time. */
export interface TickerWords extends Readonly<Record<Urgency, string>> {
  readonly lang: string
  readonly breaking: string
  readonly corrected: string
  readonly pause: string
  readonly play: string
  readonly previous: string
  readonly next: string
  readonly hide: string
  readonly waiting: string
  readonly recalled: string
  readonly empty: string
  readonly unconfirmed: string
  readonly frozen: string
  readonly refused: string
  readonly offline: string
  readonly show: string
  /** The time follows. */
  readonly withdrawn: string
  readonly held: string
  /** The times of lines, if their language is not that of the words; with texts only where the browser lacks it. */
  readonly times?: { readonly lang: string; readonly text?: TimeText; readonly clock?: TimeText }
}

export const english: TickerWords = {
  lang: 'en',
  breaking: 'Breaking',
  flash: 'Flash',
  bulletin: 'Bulletin',
  urgent: 'Urgent',
  routine: 'News',
  corrected: 'Corrected #',
  pause: 'Pause',
  play: 'Play',
  previous: 'Previous',
  next: 'Next',
  hide: 'Hide',
  waiting: 'New lines: #',
  recalled: 'A line was taken back',
  empty: 'No breaking news',
  unconfirmed: 'Not confirmed since #',
  frozen: 'Stopped by the newsroom',
  refused: 'Not available',
  offline: 'Offline',
  show: 'Show',
  withdrawn: 'Withdrawn',
  held: 'On hold since',
}

/** The label of an urgency. A newer server may send one that this ticker does not know. */
export function urgencyWord(words: TickerWords, urgency: string): string {
  return (words as Partial<Record<string, string>> & TickerWords)[urgency] ?? urgency
}
