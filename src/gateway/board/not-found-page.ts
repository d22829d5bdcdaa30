import type { RequestHandler } from 'express'
import { html } from '../embeds/html.ts'
import { pagePolicy } from '../pages/page-policy.ts'
import { pageHead } from './page-head.ts'

/** Addresses of programs, whose answers are never pages. */
const PROGRAMS = /^\/(v1|problems|healthz|readyz|metrics|oembed|widget|page|desk|docs)(\/|$)/

const page = html`<!doctype html>
  <html lang="en" dir="ltr">
    ${pageHead({ title: 'No such page' })}
    <body>
      <header class="masthead">
        <p class="wordmark"><span class="wordmark-flag">Breaking</span> Flashline</p>
      </header>
      <main class="how">
        <h1>There is no page at this address</h1>
        <p>It may be mistyped, or the page has moved.</p>
        <ul>
          <li><a href="/">The headlines of all feeds</a></li>
          <li><a href="/embed">Put a feed on your own site</a></li>
          <li><a href="/showcase">The ticker in an invented newspaper</a></li>
          <li><a href="/how-to-post">How to post</a></li>
        </ul>
      </main>
    </body>
  </html> `.text

const strict = pagePolicy()

/** Answers a browser's request for an unknown page with a page. Programs get problem+json from the next handler. */
export const notFoundPage: RequestHandler = (request, response, next) => {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const wantsPage = request.get('accept')?.includes('text/html') ?? false
  if (!isRead || !wantsPage || PROGRAMS.test(request.path)) {
    next()
    return
  }
  strict(request, response, () => {
    response.status(404).set('Cache-Control', 'no-store').type('html').send(page)
  })
}
