import express, { Router, type Response } from 'express'
import { pagePolicy } from '../pages/page-policy.ts'
import { webFolder } from '../pages/web-folder.ts'

/** For which a site keeps the script beside its frames, in seconds. */
const SCRIPT_AGE_S = 300

/** The page on which an embed is put together, and the files of it and of the frames. Feeds have no dot in their id. */
export function embedFiles(): Router {
  const router = Router()
  const folder = webFolder('embed')
  router.get('/embed', pagePolicy({ hasFrames: true }), (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile('builder.html', { root: folder, cacheControl: false })
  })
  const files = Router()
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
  // Code of ours is no secret; pages of any site, sandboxed frames among them, may load it.
  response.set('Access-Control-Allow-Origin', '*')
  const isForSites = path.endsWith('/v1.js')
  response.set('Cache-Control', isForSites ? `public, max-age=${SCRIPT_AGE_S}` : 'no-cache')
}
