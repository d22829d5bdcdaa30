import { directionOf } from '../../src/protocol/direction-of.ts'
import type { FeedTitle } from '../../src/protocol/feed.ts'
import { labelOf, type Labels } from '../../src/protocol/label-of.ts'
import { urgencyWord } from '../../src/protocol/line-words.ts'
import { shownUrgency } from '../../src/protocol/shown-urgency.ts'
import type { Headline } from '../sdk/index.ts'
import { element } from '../lines/element.ts'
import { clockText, timeText } from '../lines/time-text.ts'
import type { PageWords } from './words-for.ts'

type Language = Readonly<Pick<FeedTitle, 'lang' | 'dir'>>

/**
 * Fills a list item with one line, with the elements that the server's page has. Labels are in the words' language; the
 * line, its speaker and its note have the line's language and direction, else the feed's.
 */
export function drawLine(
  item: HTMLLIElement,
  line: Headline,
  words: PageWords,
  feed: Language,
  now: number,
): void {
  const own = line.lang === undefined ? feed : { lang: line.lang, dir: directionOf(line.lang) }
  const hadFocus = item.contains(document.activeElement)
  item.className = 'flashline-line'
  item.dataset.id = line.id
  item.dataset.urgency = shownUrgency(line, now)
  item.replaceChildren(
    metaOf(line, words, now),
    headlineOf(line, own),
    ...(line.corrected ? [correctionOf(line, line.corrected, words, own, now)] : []),
    ...aboutOf(line, words.labels),
  )
  if (hadFocus) item.querySelector('a')?.focus()
}

/** Updates times such as "3 minutes ago" and nothing else. */
export function refreshTimes(item: HTMLLIElement, words: PageWords, now: number): void {
  for (const time of item.querySelectorAll<HTMLTimeElement>('time.flashline-time')) {
    const text = timeText(time.dateTime, now, words.locale)
    if (time.textContent !== text) time.textContent = text
  }
}

function metaOf(line: Headline, words: PageWords, now: number): HTMLElement {
  const { lang, dir, locale } = words
  const published = element(
    'time',
    { class: 'flashline-time', datetime: line.publishedAt, title: fullTime(line.publishedAt, locale) },
    timeText(line.publishedAt, now, locale),
  )
  return element(
    'p',
    { class: 'flashline-meta', lang, dir },
    element('span', { class: 'flashline-urgency' }, urgencyWord(words, shownUrgency(line, now))),
    published,
    line.pinned && element('span', { class: 'flashline-pinned' }, words.pinned),
    updatedOf(line, words, now),
  )
}

function updatedOf({ corrected, refiled }: Headline, words: PageWords, now: number): HTMLElement | undefined {
  if (refiled === undefined || corrected !== undefined) return undefined
  const time = element('time', { datetime: refiled }, clockText(refiled, now, words.locale))
  return element('span', { class: 'flashline-updated' }, words.updated, ' ', time)
}

function headlineOf({ text, speaker, link }: Headline, { lang, dir }: Language): HTMLElement {
  // Each part has the direction of the whole, so that the speaker stands before the statement.
  const statement = [
    ...(speaker === undefined ? [] : [element('bdi', { class: 'flashline-speaker', dir }, speaker), ': ']),
    element('bdi', { class: 'flashline-text', dir }, text),
  ]
  const attributes = { class: 'flashline-headline', lang, dir }
  if (link === undefined) return element('p', attributes, ...statement)
  const opensAside = { href: link, target: '_blank', rel: 'noopener noreferrer' }
  return element('p', attributes, element('a', opensAside, ...statement))
}

function correctionOf(
  line: Headline,
  corrected: string,
  words: PageWords,
  own: Language,
  now: number,
): HTMLElement {
  const { lang, dir, locale } = words
  const time = element('time', { datetime: corrected }, clockText(corrected, now, locale))
  const label = element('strong', {}, words.corrected, ' ', time)
  return element(
    'p',
    { class: 'flashline-correction', lang, dir },
    label,
    ' ',
    line.note !== undefined &&
      element('bdi', { class: 'flashline-note', lang: own.lang, dir: own.dir }, line.note),
  )
}

function aboutOf({ section, regions, source }: Headline, labels: Labels): HTMLElement[] {
  const slugs = [section, ...regions].filter((slug) => slug !== undefined)
  const parts = slugs.map((slug) => element('bdi', { class: 'flashline-slug' }, labelOf(slug, labels)))
  if (source !== undefined) parts.push(element('bdi', {}, source))
  if (parts.length === 0) return []
  // The dots are outside the `bdi` elements, so they follow the feed's direction.
  return [
    element(
      'p',
      { class: 'flashline-about' },
      ...parts.flatMap((part, n) => (n === 0 ? [part] : [' · ', part])),
    ),
  ]
}

function fullTime(instant: string, locale: string): string | undefined {
  const at = Date.parse(instant)
  if (Number.isNaN(at)) return undefined
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }).format(at)
}
