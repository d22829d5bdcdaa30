import type { FeedTitle } from '../../protocol/feed.ts'
import type { LiveHeadline } from '../../protocol/headline.ts'
import { lineWordsOf } from '../../protocol/line-words-for.ts'
import type { OwnTable } from '../../protocol/own-table.ts'
import { alternatesHtml } from '../embeds/alternates-html.ts'
import { attributes, html, type Html } from '../embeds/html.ts'
import { linesHtml } from '../embeds/lines-html.ts'
import { pageHead } from './page-head.ts'

export interface BoardFeed {
  readonly title: FeedTitle
  /** The feed's own words and labels. */
  readonly own?: OwnTable | undefined
  readonly lines: readonly LiveHeadline[]
  /** The server's time. */
  readonly now: number
}

/**
 * The page `/`: the lines of all feeds as they are now. Its script (web/page) keeps them live, in the same elements. A
 * phone shows the feed that the address names (`#feed-en`), by CSS alone. `isLoaded`: whether all feeds are in memory.
 * `faces`: links to the typefaces of this server.
 */
export function boardPage(
  feeds: readonly BoardFeed[],
  { isLoaded, faces }: { isLoaded: boolean; faces: Html | undefined },
): Html {
  const alternates = feeds.flatMap(({ title }) => alternatesHtml(title))
  const head = pageHead({ title: 'Breaking news, live', script: '/page/page.js', faces, alternates })
  return html`<!doctype html>
    <html ${attributes({ lang: 'en', dir: 'ltr', 'data-font': faces && 'own' })}>
      ${head}
      <body>
        <a class="skip" href="#feeds">Skip to the headlines</a>
        <header class="masthead">
          <h1 class="wordmark"><span class="wordmark-flag">Breaking</span> Flashline</h1>
          <div class="masthead-side">
            <p class="summary" id="summary" role="status"></p>
            <a href="/how-to-post">How to post</a>
          </div>
        </header>
        <nav class="choice" id="choice" aria-label="Feeds" ${hiddenUnless(feeds.length > 1)}>
          ${feeds.map(({ title }) => choice(title))}
        </nav>
        <div class="columns">
          <noscript>
            <p class="notice">
              These headlines are as they were when the page loaded. Reload it for newer ones.
            </p>
          </noscript>
          <p class="notice" id="feeds-notice" ${hiddenUnless(feeds.length === 0)}>
            ${isLoaded ? 'There is no feed yet. A new one appears here by itself.' : 'The feeds are loading.'}
          </p>
          <main class="feeds" id="feeds" tabindex="-1" aria-label="Headlines">${feeds.map(card)}</main>
        </div>
        <p class="unseen" id="announcement" role="status"></p>
      </body>
    </html> `
}

function choice({ id, title, lang, dir }: FeedTitle): Html {
  return html`<a ${attributes({ href: `#feed-${id}`, lang, dir })}>${title}</a> `
}

function card({ title: feed, own, lines, now }: BoardFeed): Html {
  const { id, title, lang, dir } = feed
  const words = lineWordsOf(feed, own?.words)
  const heading = `title-${id}`
  const labelled = { 'aria-labelledby': heading }
  const pageLanguage = attributes({ lang: words.lang, dir: words.dir })
  const section = attributes({ id: `feed-${id}`, lang, dir, 'data-feed': id, ...labelled })
  const isEmpty = lines.length === 0
  return html`<section class="feed" ${section}>
    <header class="feed-head">
      <h2 id="${heading}"><bdi>${title}</bdi></h2>
      <p class="status" ${pageLanguage}></p>
    </header>
    <p class="notice" ${pageLanguage} ${hiddenUnless(isEmpty)}>${isEmpty && words.empty}</p>
    <div class="scroller" tabindex="0" role="group" ${attributes(labelled)} ${hiddenUnless(!isEmpty)}>
      ${
        isEmpty
          ? html`<ol class="flashline-lines" role="list"></ol>`
          : linesHtml(feed, lines, { about: true, own, now })
      }
    </div>
  </section> `
}

function hiddenUnless(isShown: boolean): Html {
  return attributes({ hidden: isShown ? undefined : '' })
}
