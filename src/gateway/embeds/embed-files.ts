import express, { Router, type Response } from 'express'
import { exactPaths } from '../../platform/create-app.ts'
import { readerRoutes } from '../../protocol/reader-routes.ts'
import { pagePolicy } from '../pages/page-policy.ts'
import { webFolder } from '../../platform/web-folder.ts'

/** Seconds for which a browser may cache the script that other sites put beside their frames. */
const SCRIPT_AGE_S = 300

/** Serves the page that builds embeds, and the files of that page and of the frames. A feed id contains no dot. */
export function embedFiles(): Router {
  const router = Router(exactPaths)
  const folder = webFolder('embed')
  router.get(readerRoutes.builder.path, pagePolicy({ hasFrames: true }), (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile('builder.html', { root: folder, cacheControl: false })
  })
  const files = Router(exactPaths)
  files.use((request, _response, next) => {
    if (request.path.includes('.')) next()
    else next('router')
  })
  files.use(pagePolicy({ isCrossOrigin: true }))
  files.use(
    express.static(folder, {
      dotfiles: 'deny',
      index: false,
      redirect: false,
      cacheControl: false,
      setHeaders,
    }),
  )
  router.use('/embed', files)
  return router
}

function setHeaders(response: Response, path: string): void {
  // The code is public: pages of every site, also sandboxed frames, may load it.
  response.set('Access-Control-Allow-Origin', '*')
  const isForOtherSites = path.endsWith('/v1.js')
  response.set('Cache-Control', isForOtherSites ? `public, max-age=${SCRIPT_AGE_S}` : 'no-cache')
}
