import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { createApp, exactPaths } from '../platform/create-app.ts'
import { createHttpServer, listen } from '../platform/http-server.ts'
import { sendProblem } from '../platform/problem-answer.ts'
import { Problem } from '../platform/problem.ts'
import { secureHeaders } from '../platform/secure-headers.ts'
import { webFolder } from '../platform/web-folder.ts'
import { liveUpgrade } from './live-upgrade.ts'
import { runFeedRoutes } from './run-feed-routes.ts'
import { MAX_BODY, runRoutes } from './run-routes.ts'
import type { RunSettings } from './run.ts'
import { Runs } from './runs.ts'

const SLOW_CLIENT_MS = 30_000
const usual: RunSettings = { heartbeatMs: 5_000, quietMs: 12_000, settleMs: 1_500, limitMs: 30_000 }

interface Place {
  readonly port: number
  readonly host: string
  /** The file PROTOCOL.md. */
  readonly protocol: string
}

export interface Conformance {
  readonly url: string
  close(): Promise<void>
}

/**
 * A server of its own that sends a client everything that it must cope with, and tells whether it did. It needs no Redis
 * and no other part of the service.
 */
export async function startConformance(
  { port, host, protocol }: Place,
  settings: Partial<RunSettings> = {},
): Promise<Conformance> {
  const runs = new Runs({ ...usual, ...settings })
  const app = createApp(0)
  app.get('/', (_request, response) => {
    response.redirect('/conformance')
  })
  app.get('/conformance/protocol.txt', pagePolicy, (_request, response) => {
    response
      .type('text/plain')
      .sendFile(protocol, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
  })
  app.use('/conformance', pagePolicy, pageFiles(), anySite, runFeedRoutes(runs), runRoutes(runs))
  app.use(() => {
    throw new Problem('no-such-route')
  })
  app.use(answerProblem)
  const server = createHttpServer(app, liveUpgrade(runs), SLOW_CLIENT_MS)
  const url = await listen(server, port, host)
  return {
    url,
    close: () =>
      new Promise((closed) => {
        runs.close()
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

function pageFiles(): express.Router {
  const router = express.Router(exactPaths)
  const folder = webFolder('conformance')
  router.get('/', (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile('conformance.html', { root: folder })
  })
  router.use(express.static(folder, { index: false, redirect: false, cacheControl: false }))
  return router
}

/** Clients run in pages of other sites, too. A run is known by its id alone. */
const anySite: RequestHandler = (_request, response, next) => {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Cache-Control': 'no-store',
  })
  next()
}

const pagePolicy = secureHeaders({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      connectSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
})

const answerProblem: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  sendProblem(response, error instanceof Problem ? error : problemOf(error))
}

/** The errors of Express and its body parser have a status, and those of the parser a type. */
function problemOf(error: unknown): Problem {
  if (!(error instanceof Error) || !('status' in error) || Number(error.status) >= 500)
    return new Problem('internal-error')
  const type = 'type' in error ? error.type : undefined
  if (type === 'entity.parse.failed') return new Problem('malformed-json')
  if (type === 'entity.too.large')
    return new Problem('body-too-large', { extra: { detail: `Send at most ${MAX_BODY}.` } })
  return new Problem('malformed-request')
}
