import type { FeedTitle } from '../../protocol/feed.ts'
import type { LiveHeadline } from '../../protocol/headline.ts'
import { directionOf } from '../../protocol/direction-of.ts'
import { lineWordsFor, urgencyWord, type LineWords } from '../../protocol/line-words.ts'
import { attributes, html, type Html } from './html.ts'

export interface LinesOptions {
  /** Language of the labels around the lines; by default the feed's. */
  readonly lang?: string | undefined
  readonly dir?: 'ltr' | 'rtl' | undefined
  /** Whether section, regions and source follow each headline. */
  readonly about?: boolean
}

/** The lines as a list, each with its language and direction, or a note that there are none. */
export function linesHtml(
  { lang, dir }: FeedTitle,
  lines: readonly LiveHeadline[],
  options: LinesOptions = {},
): Html {
  const words = lineWordsFor(options.lang ?? lang)
  if (lines.length === 0)
    return html`<p class="flashline-empty" ${attributes(languageOf(words))}>${words.noLines}</p>`
  const language = attributes({ lang, dir: options.dir ?? dir })
  // The explicit role is for Safari, which does not announce a list without markers as a list.
  return html`<ol class="flashline-lines" role="list" ${language}>
    ${lines.map((line) => cachedLine(line, words, options.about ?? false))}
  </ol>`
}

/** Markup by headline and variant. A headline object never changes, since a correction is a new one. */
const cache = new WeakMap<LiveHeadline, Map<string, Html>>()

function cachedLine(line: LiveHeadline, words: LineWords, about: boolean): Html {
  const variants = cache.get(line) ?? new Map<string, Html>()
  cache.set(line, variants)
  const variant = `${words.lang} ${about}`
  const markup = variants.get(variant) ?? lineHtml(line, words, about)
  variants.set(variant, markup)
  return markup
}

function lineHtml(line: LiveHeadline, words: LineWords, about: boolean): Html {
  const { urgency, pinned } = line
  return html`<li class="flashline-line flashline-${urgency}" data-urgency="${urgency}">
    <p class="flashline-meta" ${attributes(languageOf(words))}>
      <span class="flashline-urgency">${urgencyWord(words, urgency)}</span>
      ${timeHtml('flashline-time', line.publishedAt, words)}
      ${pinned && html`<span class="flashline-pinned">${words.pinned}</span>`}
    </p>
    ${headlineHtml(line)} ${correctionHtml(line, words)} ${about && aboutHtml(line)}
  </li> `
}

function aboutHtml({ section, regions, source }: LiveHeadline): Html | false {
  const slugs = [section, ...regions].filter((slug) => slug !== undefined)
  const parts = slugs.map((slug) => html`<bdi class="flashline-slug">${slug.replaceAll('-', ' ')}</bdi>`)
  if (source !== undefined) parts.push(html`<bdi>${source}</bdi>`)
  if (parts.length === 0) return false
  // The dots are outside the `bdi` elements, so they follow the feed's direction.
  return html`<p class="flashline-about">
    ${parts.flatMap((part, n) => (n === 0 ? [part] : [html` · `, part]))}
  </p>`
}

function headlineHtml({ text, speaker, link, lang }: LiveHeadline): Html {
  const language = attributes(lang === undefined ? {} : { lang, dir: directionOf(lang) })
  const quote = html`${speaker !== undefined && html`<bdi class="flashline-speaker">${speaker}</bdi>: `}<bdi
      class="flashline-text"
      >${text}</bdi
    >`
  const content =
    link === undefined
      ? quote
      : html`<a class="flashline-link" href="${link}" target="_blank" rel="noopener noreferrer">${quote}</a>`
  return html`<p class="flashline-headline" ${language}>${content}</p>`
}

function correctionHtml({ corrected, note }: LiveHeadline, words: LineWords): Html | false {
  if (corrected === undefined) return false
  const time = timeHtml('flashline-corrected', corrected, words)
  const content = html`<strong ${attributes(languageOf(words))}>${words.corrected} ${time}</strong>`
  return html`<p class="flashline-correction">
    ${content} ${note !== undefined && html`<bdi class="flashline-note">${note}</bdi>`}
  </p>`
}

/** A time in UTC, with the zone's name: the server does not know the reader's time zone. */
function timeHtml(name: string, instant: string, { lang }: LineWords): Html {
  const clock = new Intl.DateTimeFormat(lang, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
    timeZoneName: 'short',
  })
  return html`<time class="${name}" datetime="${instant}">${clock.format(Date.parse(instant))}</time>`
}

function languageOf({ lang, dir }: LineWords) {
  return { lang, dir }
}
