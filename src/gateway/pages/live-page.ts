import express from 'express'
import { exactPaths } from '../../platform/create-app.ts'
import { pagePolicy } from './page-policy.ts'
import { webFolder } from './web-folder.ts'

/** Serves the page that shows the live strips, and the files of its folder only. */
export function livePage(): express.Router {
  const router = express.Router(exactPaths)
  const strict = pagePolicy()
  const folder = webFolder('page')
  const files = express.static(folder, {
    dotfiles: 'deny',
    setHeaders: (response) => response.set('Cache-Control', 'no-cache'),
  })
  router.get('/', strict, (_request, response) => {
    response.sendFile('index.html', { root: folder })
  })
  router.use('/page', strict, files)
  return router
}
