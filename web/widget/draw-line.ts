import { directionOf } from '../../src/protocol/direction-of.ts'
import { element } from '../lines/element.ts'
import { clockText, timeText } from '../lines/time-text.ts'
import type { Headline } from '../sdk/index.ts'
import { drawNotice } from './draw-notice.ts'
import { isNotice } from './notices.ts'
import { urgencyWord, type TickerWords } from './words.ts'

/** Fills a list item with one line. Labels are in the ticker's language, the line is in its own language. */
export function drawLine(item: HTMLLIElement, line: Headline, words: TickerWords, now: number): void {
  if (isNotice(line)) {
    drawNotice(item, line, words, now)
    return
  }
  const { urgency, publishedAt, corrected, note } = line
  const hadFocus = item.contains((item.getRootNode() as ShadowRoot).activeElement)
  const tickerLanguage = { lang: words.lang }
  item.dataset.id = line.id
  item.dataset.urgency = urgency
  item.replaceChildren(
    element('span', { class: 'urgency', part: 'urgency', ...tickerLanguage }, urgencyWord(words, urgency)),
    headlineOf(line),
    element('time', {
      class: 'time',
      part: 'time',
      datetime: publishedAt,
      lang: (words.times ?? words).lang,
    }),
  )
  if (corrected) {
    const said = words.corrected.replace('#', clockText(corrected, now, words.lang))
    const parts = [
      element('span', tickerLanguage, said),
      note !== undefined && element('bdi', {}, ` ${note}`),
    ]
    item.append(element('span', { class: 'correction', part: 'correction' }, ...parts))
  }
  refreshTime(item, words, now)
  if (hadFocus) item.querySelector('a')?.focus()
}

export function refreshTime(item: HTMLLIElement, words: TickerWords, now: number): void {
  const time = item.querySelector('time')
  if (!time) return
  const write = words.times?.text ?? timeText
  const text = write(time.dateTime, now, time.lang)
  if (time.textContent !== text) time.textContent = text
}

function headlineOf({ text, speaker, link, lang }: Headline): HTMLElement {
  const attributes = { class: 'headline', part: 'headline', ...(lang && { lang, dir: directionOf(lang) }) }
  const said = [
    speaker && element('bdi', { class: 'speaker' }, speaker),
    speaker && ': ',
    element('bdi', {}, text),
  ]
  if (!link) return element('span', attributes, ...said)
  return element('a', { ...attributes, href: link, target: '_blank', rel: 'noopener noreferrer' }, ...said)
}
