import { element } from '../lines/element.ts'
import { clockText } from '../lines/time-text.ts'
import type { Around } from './around.ts'
import type { Notice } from './notice.ts'
import type { TickerWords } from './ticker-words.ts'

/** Fills a list item with a notice: what happened, when, and the newsroom's note. */
export function drawNotice(item: HTMLLIElement, notice: Notice, { words, now, ...feed }: Around): void {
  item.dataset.id = notice.id
  delete item.dataset.urgency
  const { lang } = words
  item.replaceChildren(
    element(
      'span',
      { class: 'removed', part: 'removed' },
      element('bdi', { lang }, headOf(notice, words, now)),
      // A notice does not know the language of its line: the feed's is the nearest.
      element('bdi', { lang: feed.lang, dir: feed.linesDir ?? 'auto' }, notice.note),
    ),
  )
}

/** The notice as one text, for screen readers. */
export function noticeText(notice: Notice, words: TickerWords, now: number): string {
  return headOf(notice, words, now) + (notice.note ?? '')
}

function headOf({ removed, updatedAt, note }: Notice, words: TickerWords, now: number): string {
  return `${words[removed]} ${clockText(updatedAt, now, words.locale)}${note ? ': ' : ''}`
}
