import express, { type Request, type Response, type Router } from 'express'
import { exactPaths } from '../../platform/create-app.ts'
import { Problem } from '../../platform/problem.ts'
import type { embedFonts } from '../../protocol/embed.ts'
import { ownOrigin } from '../embeds/own-origin.ts'
import { sendHtml } from '../embeds/send-html.ts'
import { answerProblem } from '../http/answer-problem.ts'
import { pagePolicy } from '../pages/page-policy.ts'
import { webFolder } from '../../platform/web-folder.ts'
import type { OpenFeeds } from '../upstream/open-feeds.ts'
import { boardPage } from './board-page.ts'
import { howToPostPage } from './how-to-post-page.ts'
import { notFoundPage } from './not-found-page.ts'
import { ownFaces } from './own-faces.ts'

export interface BoardDeps {
  readonly feeds: OpenFeeds
  /** The file of the first key; named only to readers on this computer. */
  readonly keyFile: string | undefined
  /** The typefaces of the page `/`. */
  readonly font: 'system' | (typeof embedFonts)[number]
}

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i
const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/

/** The server's own pages: all feeds live, how to post, and the page of an unknown address. */
export function boardRoutes({ feeds, keyFile, font }: BoardDeps): Router {
  const router = express.Router(exactPaths)
  const strict = pagePolicy()
  const faces = font === 'own' ? ownFaces() : undefined
  router.get('/', pagePolicy({ hasFonts: faces !== undefined }), (request, response) => {
    const shown = feeds.realHubs().map((hub) => {
      return { title: hub.title, own: hub.presentation, lines: hub.view({}).strip(), now: hub.now() }
    })
    shown.sort((a, b) => a.title.id.localeCompare(b.title.id))
    sendHtml(request, response, boardPage(shown, { isLoaded: feeds.loaded, faces: faces?.(feeds.titles()) }))
  })
  router.get('/how-to-post', strict, howToPost, answerProblem)
  router.get('/favicon.ico', strict, (_request, response) => {
    response.redirect(301, '/page/icon.svg')
  })
  router.use('/page', strict, pageFiles())
  router.use(notFoundPage)

  function howToPost(request: Request, response: Response): void {
    const origin = ownOrigin(request)
    if (origin === undefined) throw new Problem('malformed-request')
    const ids = feeds.titles().map(({ id }) => id)
    const feed = ids.includes('en') ? 'en' : (ids[0] ?? 'en')
    sendHtml(
      request,
      response,
      howToPostPage({ origin, feed, keyFile: isHere(request) ? keyFile : undefined }),
    )
  }

  return router
}

function pageFiles() {
  return express.static(webFolder('page'), {
    dotfiles: 'deny',
    index: false,
    redirect: false,
    setHeaders: (response) => response.set('Cache-Control', 'no-cache'),
  })
}

/** Whether the request comes from this computer. A foreign name in Host may belong to a page of another site. */
function isHere({ headers, ip }: Request): boolean {
  return LOOPBACK_HOST.test(headers.host ?? '') && LOOPBACK_ADDRESS.test(ip ?? '')
}
