import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { Router, type Response } from 'express'
import { compressedFiles } from '../../platform/compressed-files.ts'
import { exactPaths } from '../../platform/create-app.ts'
import { secureHeaders } from '../../platform/secure-headers.ts'
import { webFolder } from '../../platform/web-folder.ts'
import { docsPages, docsTemplate } from './docs-template.ts'

const NONCE_BYTES = 18

/** The descriptions of the API and of the streams, for people: `/docs` and `/docs/streams`. */
export function docsPage(): Router {
  const assets = `${webFolder('docs')}assets`
  const file = readdirSync(assets).find((name) => name.endsWith('.js'))
  if (file === undefined) throw new Error('The build has no Redoc')
  const router = Router(exactPaths)
  for (const page of docsPages)
    router.get(
      page.path,
      (_request, response, next) => {
        response.locals.nonce = randomBytes(NONCE_BYTES).toString('base64')
        next()
      },
      policy,
      (_request, response) => {
        response
          .set('Cache-Control', 'no-store')
          .type('html')
          .send(docsTemplate(page, `/docs/assets/${file}`, nonceOf(response)))
      },
    )
  router.use('/docs/assets', compressedFiles(assets))
  return router
}

/** Redoc names a picture on its maker's site: the policy keeps the browser from asking for it. */
const policy = secureHeaders({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", (_request, response) => `'nonce-${nonceOf(response as Response)}'`],
      connectSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      // Redoc has a typeface of icons in its styles.
      fontSrc: ['data:'],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
})

function nonceOf(response: Response): string {
  return String(response.locals.nonce)
}
