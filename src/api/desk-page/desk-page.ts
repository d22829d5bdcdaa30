import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import express, { type Router } from 'express'
import { compressedFiles } from '../../platform/compressed-files.ts'
import { exactPaths } from '../../platform/create-app.ts'
import { webFolder } from '../../platform/web-folder.ts'
import { deskPolicy } from './desk-policy.ts'
import { deskTemplate } from './desk-template.ts'

const NONCE_BYTES = 18

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
  router.use('/desk/assets', compressedFiles(`${folder}assets`))
  return router
}

const newNonce: express.RequestHandler = (_request, response, next) => {
  response.locals.nonce = randomBytes(NONCE_BYTES).toString('base64')
  next()
}

function nonceOf(response: express.Response): string {
  return String(response.locals.nonce)
}
