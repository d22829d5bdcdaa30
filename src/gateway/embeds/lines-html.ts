import type { FeedTitle } from '../../protocol/feed.ts'
import type { LiveHeadline } from '../../protocol/headline.ts'
import { directionOf } from '../../protocol/direction-of.ts'
import { labelOf, type Labels } from '../../protocol/label-of.ts'
import { lineWordsOf } from '../../protocol/line-words-for.ts'
import type { Urgency } from '../../protocol/lists/urgencies.ts'
import { urgencyWord, type LineWords } from '../../protocol/line-words.ts'
import type { OwnTable } from '../../protocol/own-table.ts'
import { shownUrgency } from '../../protocol/shown-urgency.ts'
import { attributes, html, type Html } from './html.ts'

export interface LinesOptions {
  /** The server's time: it ends the labels of headlines. */
  readonly now: number
  /** Language of the labels around the lines; by default the feed's. */
  readonly lang?: string | undefined
  readonly dir?: 'ltr' | 'rtl' | undefined
  /** Whether section, regions and source follow each headline. */
  readonly about?: boolean
  /** The feed's own words and labels. */
  readonly own?: OwnTable | undefined
}

type Language = Readonly<Pick<FeedTitle, 'lang' | 'dir'>>

/** The lines as a list, each with its language and direction, or a note that there are none. */
export function linesHtml(feed: FeedTitle, lines: readonly LiveHeadline[], options: LinesOptions): Html {
  const { lang, dir } = feed
  const { now, own, about = false } = options
  const words = lineWordsOf(feed, own?.words, options.lang)
  if (lines.length === 0)
    return html`<p class="flashline-empty" ${attributes(languageOf(words))}>${words.empty}</p>`
  const language = attributes({ lang, dir: options.dir ?? dir })
  // The explicit role is for Safari, which does not announce a list without markers as a list.
  return html`<ol class="flashline-lines" role="list" ${language}>
    ${lines.map((line) => cachedLine(line, shownUrgency(line, now), words, feed, about && (own?.labels ?? {})))}
  </ol>`
}

/** Markup by headline and variant. A headline object never changes, since a correction is a new one. */
const cache = new WeakMap<LiveHeadline, Map<string, Html>>()

function cachedLine(
  line: LiveHeadline,
  urgency: Urgency,
  words: LineWords,
  feed: FeedTitle,
  labels: Labels | false,
): Html {
  const variants = cache.get(line) ?? new Map<string, Html>()
  cache.set(line, variants)
  const variant = `${urgency} ${words.locale} ${feed.words} ${feed.lang} ${feed.dir} ${labels !== false}`
  const markup = variants.get(variant) ?? lineHtml(line, urgency, words, languageOfLine(line, feed), labels)
  variants.set(variant, markup)
  return markup
}

/** The line's own language, else the feed's: its base direction is known and not guessed from its first letter. */
function languageOfLine({ lang }: LiveHeadline, feed: Language): Language {
  return lang === undefined ? { lang: feed.lang, dir: feed.dir } : { lang, dir: directionOf(lang) }
}

function lineHtml(
  line: LiveHeadline,
  urgency: Urgency,
  words: LineWords,
  own: Language,
  labels: Labels | false,
): Html {
  const { pinned } = line
  return html`<li class="flashline-line flashline-${urgency}" data-urgency="${urgency}">
    <p class="flashline-meta" ${attributes(languageOf(words))}>
      <span class="flashline-urgency">${urgencyWord(words, urgency)}</span>
      ${timeHtml('flashline-time', line.publishedAt, words)}
      ${pinned && html`<span class="flashline-pinned">${words.pinned}</span>`} ${updatedHtml(line, words)}
    </p>
    ${headlineHtml(line, own)} ${correctionHtml(line, words, own)} ${labels && aboutHtml(line, labels)}
  </li> `
}

/** A refile says nothing of a mistake; beside a correction it is left out. */
function updatedHtml({ corrected, refiled }: LiveHeadline, words: LineWords): Html | false {
  if (refiled === undefined || corrected !== undefined) return false
  const time = timeHtml('flashline-refiled', refiled, words)
  return html`<span class="flashline-updated">${words.updated} ${time}</span>`
}

function aboutHtml({ section, regions, source }: LiveHeadline, labels: Labels): Html | false {
  const slugs = [section, ...regions].filter((slug) => slug !== undefined)
  const parts = slugs.map((slug) => html`<bdi class="flashline-slug">${labelOf(slug, labels)}</bdi>`)
  if (source !== undefined) parts.push(html`<bdi>${source}</bdi>`)
  if (parts.length === 0) return false
  // The dots are outside the `bdi` elements, so they follow the feed's direction.
  return html`<p class="flashline-about">
    ${parts.flatMap((part, n) => (n === 0 ? [part] : [html` · `, part]))}
  </p>`
}

function headlineHtml({ text, speaker, link }: LiveHeadline, { lang, dir }: Language): Html {
  // Each part has the direction of the whole, so that the speaker stands before the statement.
  const said = html`<bdi class="flashline-text" ${attributes({ dir })}>${text}</bdi>`
  const quote =
    speaker === undefined
      ? said
      : html`<bdi class="flashline-speaker" ${attributes({ dir })}>${speaker}</bdi>: ${said}`
  const content =
    link === undefined
      ? quote
      : html`<a class="flashline-link" href="${link}" target="_blank" rel="noopener noreferrer">${quote}</a>`
  return html`<p class="flashline-headline" ${attributes({ lang, dir })}>${content}</p>`
}

function correctionHtml({ corrected, note }: LiveHeadline, words: LineWords, own: Language): Html | false {
  if (corrected === undefined) return false
  const time = timeHtml('flashline-corrected', corrected, words)
  const label = html`<strong>${words.corrected} ${time}</strong>`
  const { lang, dir } = own
  // The row begins where its label begins; the note has the language of the line.
  return html`<p class="flashline-correction" ${attributes(languageOf(words))}>
    ${label}
    ${note !== undefined && html`<bdi class="flashline-note" ${attributes({ lang, dir })}>${note}</bdi>`}
  </p>`
}

/** A time in UTC, with the zone's name: the server does not know the reader's time zone. */
function timeHtml(name: string, instant: string, { locale }: LineWords): Html {
  const clock = new Intl.DateTimeFormat(locale, {
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

function languageOf({ lang, dir }: LineWords): Language {
  return { lang, dir }
}
