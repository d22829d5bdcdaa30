import { english as lineWords, type LineWords } from '../../src/protocol/line-words.ts'
import type { TimeText } from '../lines/time-text.ts'

/** The ticker's texts: the words around every line, and its own. `#` stands for a number or a time. */
export interface TickerWords extends LineWords {
  readonly breaking: string
  readonly pause: string
  readonly play: string
  readonly previous: string
  readonly next: string
  readonly hide: string
  readonly waiting: string
  readonly recalled: string
  readonly unconfirmed: string
  readonly offline: string
  readonly show: string
  /** The time follows. */
  readonly withdrawn: string
  readonly held: string
  /** The times of lines, if their language is not that of the words; with texts only where the browser lacks it. */
  readonly times?: {
    readonly lang: string
    readonly locale: string
    readonly text?: TimeText
    readonly clock?: TimeText
  }
}

export const english: TickerWords = {
  ...lineWords,
  breaking: 'Breaking',
  pause: 'Pause',
  play: 'Play',
  previous: 'Previous',
  next: 'Next',
  hide: 'Hide',
  waiting: 'New lines: #',
  recalled: 'A line was taken back',
  unconfirmed: 'Not confirmed since #',
  offline: 'Offline',
  show: 'Show',
  withdrawn: 'Withdrawn',
  held: 'On hold since',
}
