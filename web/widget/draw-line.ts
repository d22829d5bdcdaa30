import { directionOf } from '../../src/protocol/direction-of.ts'
import { urgencyWord } from '../../src/protocol/line-words.ts'
import { element } from '../lines/element.ts'
import { clockText, MINUTE_MS, timeText } from '../lines/time-text.ts'
import type { Headline } from '../sdk/index.ts'
import type { Around } from './around.ts'
import { partElement } from './part-element.ts'
import type { TickerWords } from './ticker-words.ts'

/** The line that was drawn last: other tickers of the page copy it, which takes a fifth of the time. */
let last: { readonly from: readonly unknown[]; readonly content: DocumentFragment } | undefined

/** Fills a list item with one line. */
export function drawLine(item: HTMLLIElement, line: Headline, around: Around): void {
  const { words, lang, linesDir, now } = around
  // The dates in a line change with the day.
  const from = [line, words, lang, linesDir, Math.trunc(now / MINUTE_MS)]
  if (!last || from.some((value, n) => value !== last?.from[n]))
    last = { from, content: contentOf(line, around) }
  item.dataset.id = line.id
  item.dataset.urgency = line.urgency
  item.replaceChildren(last.content.cloneNode(true))
  refreshTime(item, words, now)
}

/**
 * Labels are in the ticker's language. The line, its speaker and its note have the
 * language and direction of the line, else of the feed; only where neither is known, the browser guesses.
 */
function contentOf(line: Headline, { words, now, ...feed }: Around): DocumentFragment {
  const { urgency, publishedAt, corrected, refiled, note, pinned } = line
  const { lang, locale } = words
  const label = (name: string, ...said: string[]): HTMLElement => partElement('span', name, { lang }, ...said)
  const own = line.lang
    ? { lang: line.lang, dir: directionOf(line.lang) }
    : { lang: feed.lang, dir: feed.linesDir ?? 'auto' }
  const parts: HTMLElement[] = [label('urgency', urgencyWord(words, urgency)), headlineOf(line, own)]
  const ownTimes = words.times ?? words
  const time = partElement('time', 'time', { datetime: publishedAt, lang: ownTimes.lang })
  // For the tooltip, and for paper, where "5 minutes ago" is wrong.
  time.title = (words.times?.clock ?? clockText)(publishedAt, now, ownTimes.locale)
  parts.push(time)
  if (pinned) parts.push(label('pinned', words.pinned))
  if (corrected)
    parts.push(
      partElement(
        'span',
        'correction',
        {},
        element('bdi', { lang }, `${words.corrected} ${clockText(corrected, now, locale)}`),
        ' ',
        note !== undefined && element('bdi', own, note),
      ),
    )
  else if (refiled) parts.push(label('updated', `${words.updated} ${clockText(refiled, now, locale)}`))
  const content = new DocumentFragment()
  content.append(...parts)
  return content
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
  // Each part has the direction of the whole, so that the speaker stands before the statement.
  const said = [
    speaker && element('bdi', { class: 'speaker', dir: own.dir }, speaker),
    speaker && ': ',
    element('bdi', { dir: own.dir }, text),
  ]
  if (!link) return partElement('span', 'headline', own, ...said)
  return partElement(
    'a',
    'headline',
    { ...own, href: link, target: '_blank', rel: 'noopener noreferrer' },
    ...said,
  )
}
