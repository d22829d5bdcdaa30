import express from 'express'
import { fileURLToPath } from 'node:url'
import { strictPage } from './strict-page.ts'

/** The page of the live strips, and nothing else of the file system. */
export function livePage(): express.Router {
  const router = express.Router()
  const folder = fileURLToPath(new URL('../../web/page', import.meta.url))
  const files = express.static(folder, {
    dotfiles: 'deny',
    setHeaders: (response) => response.set('Cache-Control', 'no-cache'),
  })
  router.get('/', strictPage, (_request, response) => {
    response.sendFile('index.html', { root: folder })
  })
  router.use('/page', strictPage, files)
  return router
}
