import express from 'express'
import { exactPaths } from '../../platform/create-app.ts'
import { pagePolicy } from './page-policy.ts'
import { webFolder } from '../../platform/web-folder.ts'

/** The first one is the default for readers who prefer neither. */
const languages = ['en', 'ar']

/** Serves an invented newspaper's home page with the ticker in it: `/showcase/en`, `/showcase/ar`. */
export function showcase(): express.Router {
  const router = express.Router(exactPaths)
  const folder = webFolder('showcase')
  const strict = pagePolicy()
  const files = express.static(folder, {
    dotfiles: 'deny',
    extensions: ['html'],
    index: false,
    redirect: false,
    setHeaders: (response) => response.set('Cache-Control', 'no-cache'),
  })
  router.get('/showcase', strict, (request, response) => {
    const preferred = request.acceptsLanguages(languages) || 'en'
    response.vary('Accept-Language').set('Cache-Control', 'no-cache').redirect(`/showcase/${preferred}`)
  })
  router.use('/showcase', strict, files)
  return router
}
