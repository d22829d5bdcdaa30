import { directionOf } from '../../src/protocol/direction-of.ts'
import { urgencyWord } from '../../src/protocol/line-words.ts'
import { element } from '../lines/element.ts'
import { clockText, timeText } from '../lines/time-text.ts'
import type { Headline } from '../sdk/index.ts'
import type { Around } from './around.ts'
import type { TickerWords } from './ticker-words.ts'

/**
 * Fills a list item with one line. Labels are in the ticker's language. The line, its speaker and its note have the
 * language and direction of the line, else of the feed; only where neither is known, the browser guesses.
 */
export function drawLine(item: HTMLLIElement, line: Headline, { words, now, ...feed }: Around): void {
  const { urgency, publishedAt, corrected, refiled, note, pinned } = line
  const { lang, locale } = words
  const label = (name: string, ...said: string[]): HTMLElement =>
    element('span', { class: name, part: name, lang }, ...said)
  const own = line.lang
    ? { lang: line.lang, dir: directionOf(line.lang) }
    : { lang: feed.lang, dir: feed.linesDir ?? 'auto' }
  item.dataset.id = line.id
  item.dataset.urgency = urgency
  const parts: HTMLElement[] = [label('urgency', urgencyWord(words, urgency)), headlineOf(line, own)]
  const ownTimes = words.times ?? words
  const time = element('time', { class: 'time', part: 'time', datetime: publishedAt, lang: ownTimes.lang })
  // For the tooltip, and for paper, where "5 minutes ago" is wrong.
  time.title = (words.times?.clock ?? clockText)(publishedAt, now, ownTimes.locale)
  parts.push(time)
  if (pinned) parts.push(label('pinned', words.pinned))
  if (corrected)
    parts.push(
      element(
        'span',
        { class: 'correction', part: 'correction' },
        element('bdi', { lang }, `${words.corrected} ${clockText(corrected, now, locale)}`),
        ' ',
        note !== undefined && element('bdi', own, note),
      ),
    )
  else if (refiled) parts.push(label('updated', `${words.updated} ${clockText(refiled, now, locale)}`))
  item.replaceChildren(...parts)
  refreshTime(item, words, now)
}

export function refreshTime(item: HTMLLIElement, words: TickerWords, now: number): void {
  const time = item.querySelector('time')
  if (!time) return
  const write = words.times?.text ?? timeText
  const text = write(time.dateTime, now, (words.times ?? words).locale)
  if (time.textContent !== text) time.textContent = text
}

function headlineOf(
  { text, speaker, link }: Headline,
  own: { readonly lang?: string | undefined; readonly dir: string },
): HTMLElement {
  const attributes = { class: 'headline', part: 'headline', ...own }
  // Each part has the direction of the whole, so that the speaker stands before the statement.
  const said = [
    speaker && element('bdi', { class: 'speaker', dir: own.dir }, speaker),
    speaker && ': ',
    element('bdi', { dir: own.dir }, text),
  ]
  if (!link) return element('span', attributes, ...said)
  return element('a', { ...attributes, href: link, target: '_blank', rel: 'noopener noreferrer' }, ...said)
}
