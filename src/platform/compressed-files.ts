import { extname } from 'node:path'
import express, { Router, type RequestHandler } from 'express'
import { exactPaths } from './create-app.ts'

const COMPRESSED = '.gz'

/**
 * Serves files whose names change with their content, so caches may keep them for good. The build has each of them
 * compressed, too: a third of its size.
 */
export function compressedFiles(folder: string): Router {
  const router = Router(exactPaths)
  router.use(
    preferCompressed,
    express.static(folder, {
      dotfiles: 'deny',
      index: false,
      redirect: false,
      lastModified: false,
      setHeaders(response, file) {
        response.set({ 'Cache-Control': 'public, max-age=31536000, immutable', Vary: 'Accept-Encoding' })
        if (!file.endsWith(COMPRESSED)) return
        response.set('Content-Encoding', 'gzip').type(extname(file.slice(0, -COMPRESSED.length)))
      },
    }),
  )
  return router
}

const preferCompressed: RequestHandler = (request, _response, next) => {
  if (request.acceptsEncodings('gzip')) request.url += COMPRESSED
  next()
}
