import express, { type Router } from 'express'
import { readFileSync } from 'node:fs'
import { exactPaths } from '../../platform/create-app.ts'
import { fileOperations } from '../../protocol/service-routes.ts'
import { webFolder } from '../../platform/web-folder.ts'

/** Seconds for which a cache may keep `v1.js`, which keeps its name when a new version comes. */
const ALIAS_S = 300

/**
 * Serves the ticker for pages of other sites. `/widget/v1.js` is the newest version; a file with a hash in its name
 * never
 * changes. Every site may load the files: they are the same for all sites and contain no headline.
 */
export function widgetFiles(): Router {
  const folder = webFolder('widget')
  const { file, integrity } = JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')) as Manifest
  const router = express.Router(exactPaths)
  router.use('/widget', (_request, response, next) => {
    response.set({
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'X-Content-Type-Options': 'nosniff',
    })
    next()
  })
  router.get(fileOperations.widgetVersion.path, (_request, response) => {
    response.set('Cache-Control', `public, max-age=${ALIAS_S}`).json({ src: `/widget/${file}`, integrity })
  })
  router.get(fileOperations.widget.path, (_request, response) => {
    response.set('ETag', `"${file}"`)
    response.sendFile(file, { root: folder, maxAge: ALIAS_S * 1_000, lastModified: false })
  })
  router.get(/^\/widget\/(fonts\.css|fonts-license\.txt)$/, (request, response, next) => {
    const options = { root: folder, maxAge: ALIAS_S * 1_000, lastModified: false }
    response.sendFile(request.params[0] ?? '', options, (error) => {
      if (error) next()
    })
  })
  router.get(/^\/widget\/([a-z0-9-]+-[0-9a-f]{8,16}\.(?:js|woff2))$/, (request, response, next) => {
    const options = { root: folder, immutable: true, maxAge: '1y', lastModified: false }
    response.sendFile(request.params[0] ?? '', options, (error) => {
      // The file belongs to a version that this server does not have.
      if (error) next()
    })
  })
  return router
}

/** The manifest that `scripts/support/build-widget.mjs` writes. */
interface Manifest {
  readonly file: string
  readonly integrity: string
}
