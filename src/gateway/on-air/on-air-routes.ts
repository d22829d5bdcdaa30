import express, { Router, type Response } from 'express'
import { exactPaths } from '../../platform/create-app.ts'
import { webFolder } from '../../platform/web-folder.ts'
import { pagePolicy } from '../pages/page-policy.ts'
import type { ThemeFile } from './theme-file.ts'

const FEED_ID = /^[a-z][a-z0-9-]{0,31}$/

/**
 * Serves the graphic for television: its package, and the page that browser sources load. The page is one for all feeds
 * and holds no headline, so it opens nothing: the graphic in it reads the feed as every reader does, and is refused where
 * its key does not open the feed.
 */
export function onAirRoutes(theme: ThemeFile): Router {
  const router = Router(exactPaths)
  const folder = webFolder('on-air')
  const page = pagePolicy({ hasFonts: true })
  // No `:feed`: nothing of a feed is in the page.
  router.get('/on-air/:page', page, (request, response, next) => {
    if (!FEED_ID.test(String(request.params.page))) next()
    else
      response.set('Cache-Control', 'no-cache').sendFile('page.html', { root: folder, cacheControl: false })
  })
  const files = Router(exactPaths)
  // A feed id contains no dot.
  files.use((request, _response, next) => {
    if (request.path.includes('.')) next()
    else next('router')
  })
  files.use(pagePolicy({ isCrossOrigin: true, hasFonts: true }))
  files.get('/theme.json', async (_request, response) => {
    const answer = await theme.read()
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-cache' }).json(answer)
  })
  files.use(
    express.static(folder, {
      dotfiles: 'deny',
      index: false,
      redirect: false,
      cacheControl: false,
      setHeaders,
    }),
  )
  router.use('/on-air', files)
  return router
}

function setHeaders(response: Response): void {
  // The code is public: hosts load the package from their own page.
  response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-cache' })
}
