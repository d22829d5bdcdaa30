import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import express, { type Router } from 'express'
import { exactPaths } from '../../platform/create-app.ts'
import { webFolder } from '../../platform/web-folder.ts'
import { deskPolicy } from './desk-policy.ts'
import { deskTemplate } from './desk-template.ts'

const NONCE_BYTES = 18
const COMPRESSED = '.gz'

/**
 * The desk: the page `/desk` for newsroom staff, and its files. The page is made for each answer, since each has a nonce
 * of its own. The names of the files contain a hash, so caches may keep them for good.
 */
export function deskPage(): Router {
  const folder = webFolder('desk')
  const page = deskTemplate(JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')))
  const router = express.Router(exactPaths)
  router.get('/desk', newNonce, deskPolicy(), (_request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(page(nonceOf(response)))
  })
  router.use(
    '/desk/assets',
    preferCompressed,
    express.static(`${folder}assets`, {
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

/** The build has each file compressed, too: a third of its size. */
const preferCompressed: express.RequestHandler = (request, _response, next) => {
  if (request.acceptsEncodings('gzip')) request.url += COMPRESSED
  next()
}

const newNonce: express.RequestHandler = (_request, response, next) => {
  response.locals.nonce = randomBytes(NONCE_BYTES).toString('base64')
  next()
}

function nonceOf(response: express.Response): string {
  return String(response.locals.nonce)
}
