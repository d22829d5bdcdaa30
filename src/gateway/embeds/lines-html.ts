import type { FeedTitle } from '../../protocol/feed.ts'
import type { LiveHeadline } from '../../protocol/headline.ts'
import { directionOf } from '../../protocol/direction-of.ts'
import { lineWordsFor, type LineWords } from '../../protocol/line-words.ts'
import { attributes, html, type Html } from './html.ts'

export interface LinesOptions {
  /** Language of the words around the lines; else the feed's. */
  readonly lang?: string | undefined
  readonly dir?: 'ltr' | 'rtl' | undefined
}

/** The lines as a list, each in its own language and direction; or a word about there being none. */
export function linesHtml(
  { lang, dir }: FeedTitle,
  lines: readonly LiveHeadline[],
  options: LinesOptions = {},
): Html {
  const words = lineWordsFor(options.lang ?? lang)
  if (lines.length === 0)
    return html`<p class="flashline-empty" ${attributes(tongue(words))}>${words.noLines}</p>`
  const own = attributes({ lang, dir: options.dir ?? dir })
  // A role of its own: Safari forgets that a list without marks is one.
  return html`<ol class="flashline-lines" role="list" ${own}>
    ${lines.map((line) => lineOnce(line, words))}
  </ol>`
}

/** A line does not change, a correction is another one: each is written once for all who ask. */
const written = new WeakMap<LiveHeadline, Map<string, Html>>()

function lineOnce(line: LiveHeadline, words: LineWords): Html {
  const byLanguage = written.get(line) ?? new Map<string, Html>()
  written.set(line, byLanguage)
  const made = byLanguage.get(words.lang) ?? lineHtml(line, words)
  byLanguage.set(words.lang, made)
  return made
}

function lineHtml(line: LiveHeadline, words: LineWords): Html {
  const { urgency, pinned } = line
  return html`<li class="flashline-line flashline-${urgency}" data-urgency="${urgency}">
    <p class="flashline-meta" ${attributes(tongue(words))}>
      <span class="flashline-urgency">${words.urgency[urgency] ?? urgency}</span>
      ${timeHtml('flashline-time', line.publishedAt, words)}
      ${pinned && html`<span class="flashline-pinned">${words.pinned}</span>`}
    </p>
    ${headlineHtml(line)} ${line.version > 1 && correctionHtml(line, words)}
  </li> `
}

function headlineHtml({ text, speaker, link, lang }: LiveHeadline): Html {
  const own = attributes(lang === undefined ? {} : { lang, dir: directionOf(lang) })
  const saying = html`${speaker !== undefined && html`<bdi class="flashline-speaker">${speaker}</bdi>: `}<bdi
      class="flashline-text"
      >${text}</bdi
    >`
  const said =
    link === undefined
      ? saying
      : html`<a class="flashline-link" href="${link}" target="_blank" rel="noopener noreferrer">${saying}</a>`
  return html`<p class="flashline-headline" ${own}>${said}</p>`
}

function correctionHtml({ updatedAt, note }: LiveHeadline, words: LineWords): Html {
  const time = timeHtml('flashline-corrected', updatedAt, words)
  const said = html`<strong ${attributes(tongue(words))}>${words.corrected} ${time}</strong>`
  return html`<p class="flashline-correction">
    ${said} ${note !== undefined && html`<bdi class="flashline-note">${note}</bdi>`}
  </p>`
}

/** The server does not know where the reader is, so it names the zone. */
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

function tongue({ lang, dir }: LineWords) {
  return { lang, dir }
}
