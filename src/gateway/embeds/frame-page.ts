import { chosen, DEFAULT_TICKER_LINES, frameAddress, type EmbedSettings } from '../../protocol/embed.ts'
import type { FeedTitle } from '../../protocol/feed.ts'
import type { LiveHeadline } from '../../protocol/headline.ts'
import { lineWordsOf } from '../../protocol/line-words-for.ts'
import type { OwnTable } from '../../protocol/own-table.ts'
import type { ProblemBody } from '../../protocol/problems.ts'
import { drillWord } from '../../protocol/drill-word.ts'
import { alternatesHtml } from './alternates-html.ts'
import { drillHtml } from './drill-html.ts'
import { attributes, html, type Html } from './html.ts'
import { linesHtml } from './lines-html.ts'
import { oembedAddress } from './oembed.ts'

/**
 * Without script the page reloads after so many seconds, so that a withdrawn headline disappears there too, and sooner
 * where a label ends sooner.
 */
const RELOAD_S = 60

export interface FrameContent {
  readonly title: FeedTitle
  readonly lines: readonly LiveHeadline[]
  /** The feed's own words and labels. */
  readonly own?: OwnTable | undefined
  readonly settings: EmbedSettings
  /** Undefined if the request has no valid Host. */
  readonly origin: string | undefined
  /** The server's time. */
  readonly now: number
  /** The element has no token of its own: the frame is loaded again and again with that of its address. */
  readonly isForPartners?: boolean
}

/** The element asks for no drill, so the frame of a drill has none and is loaded again and again. */
const scripts = html`<script defer src="/embed/frame.js"></script>
  <script defer src="/widget/v1.js"></script>`

/** The frame's page: the headlines as they are now, and the element that keeps them live. */
export function framePage({
  title,
  lines: all,
  own,
  settings,
  origin,
  now,
  isForPartners = false,
}: FrameContent): Html {
  const isStill = title.drill === true || isForPartners
  const { lang, dir, max = DEFAULT_TICKER_LINES } = settings
  const lines = all.slice(0, max)
  const reloadS = secondsToReload(lines, now)
  const reload = html`<meta http-equiv="refresh" content="${reloadS}" />`
  const words = lineWordsOf(title, own?.words, settings.lang)
  const notLive = attributes({ class: 'note', lang: words.lang, dir: words.dir })
  const page = attributes({
    lang: lang ?? title.lang,
    dir: dir ?? title.dir,
    'data-theme': settings.theme ?? 'auto',
    'data-mode': settings.mode,
    'data-font': settings.font,
  })
  return html`<!doctype html>
    <html ${page}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        ${isStill ? reload : html`<noscript>${reload}</noscript>`}
        <title>${title.drill && html`${drillWord(title.lang).text}: `}${title.title}</title>
        <link rel="icon" href="/page/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/embed/frame.css" />
        ${settings.font !== undefined && html`<link rel="stylesheet" href="/widget/fonts.css" />`}
        ${!isStill && origin !== undefined && discovery(origin, title, settings)}
        ${!isStill && alternatesHtml(title)} ${!isStill && scripts}
      </head>
      <body>
        <main id="frame" aria-label="${title.title}" data-reload-s="${reloadS}">
          ${title.drill && drillHtml(settings.lang ?? title.lang)}
          <flashline-ticker ${attributes({ feed: title.id, ...Object.fromEntries(chosen(settings)) })}>
            ${linesHtml(title, lines, { lang, dir, own, now })}
          </flashline-ticker>
          ${!title.drill && html`<p id="not-live" ${notLive}>${words.notLive}</p>`}
        </main>
      </body>
    </html> `
}

function secondsToReload(lines: readonly LiveHeadline[], now: number): number {
  const ahead = lines
    .map(({ breakingUntil = '' }) => (Date.parse(breakingUntil) - now) / 1_000)
    .filter((seconds) => seconds > 0)
  return Math.ceil(Math.min(RELOAD_S, ...ahead))
}

function discovery(origin: string, title: FeedTitle, settings: EmbedSettings): Html {
  const address = oembedAddress(origin, frameAddress(origin, title.id, settings))
  return html`<link
    rel="alternate"
    type="application/json+oembed"
    href="${address}"
    title="${title.title}"
  />`
}

/** A page for the frame that says why it shows no headlines; it reloads after `reloadS`. */
export function problemPage({ title, detail }: ProblemBody, reloadS: number | undefined): Html {
  return html`<!doctype html>
    <html lang="en" dir="ltr" data-theme="auto">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        ${reloadS !== undefined && html`<meta http-equiv="refresh" content="${reloadS}" />`}
        <title>${title}</title>
        <link rel="stylesheet" href="/embed/frame.css" />
      </head>
      <body>
        <main>
          <p class="problem"><strong>${title}.</strong> ${detail}</p>
        </main>
      </body>
    </html> `
}
