import express from 'express'
import { pagePolicy } from './page-policy.ts'
import { webFolder } from './web-folder.ts'

/** The first is for readers who prefer none of them. */
const languages = ['en', 'ar']

/** A newspaper's home page with the ticker in it, in each language: `/showcase/en`, `/showcase/ar`. */
export function showcase(): express.Router {
  const router = express.Router()
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
