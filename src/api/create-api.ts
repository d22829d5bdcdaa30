import express, { type Express, type RequestHandler, type Response } from 'express'
import helmet from 'helmet'
import { problemBody, problems, type ProblemCode } from '../protocol/problems.ts'
import { sendAnswer, sendProblem } from './answer.ts'
import { accountRoutes } from './account-routes.ts'
import { auditRoutes } from './audit-routes.ts'
import type { ApiDeps } from './deps.ts'
import { deskRoutes } from './desk-routes.ts'
import { feedRoutes } from './feed-routes.ts'
import { freezeRoutes } from './freeze-routes.ts'
import { headlineRoutes } from './headline-routes.ts'
import { invitationRoutes } from './invitation-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { listRoutes } from './list-routes.ts'
import { describeApi } from './openapi.ts'
import { ownAccountRoutes } from './own-account-routes.ts'
import { policyRoutes } from './policy-routes.ts'
import { Problem } from './problem.ts'
import { createRateLimits } from './rate-limits.ts'
import { readerPaths } from './reader-paths.ts'
import { receiptRoutes } from './receipt-routes.ts'
import { retractRoutes } from './retract-routes.ts'
import { serve } from './route.ts'
import { sessionRoutes } from './session-routes.ts'
import { ssoRoutes } from './sso-routes.ts'
import { storyRoutes } from './story-routes.ts'

/**
 * The desk's HTTP side, as an Express app: a request handler `(req, res)` that answers everything, unknown
 * addresses with 404. It owns nothing that must be closed.
 */
export function createApi(deps: ApiDeps): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag').set('trust proxy', deps.config.TRUST_PROXY)
  app.use(helmet(), commonHeaders(deps))

  const methods = new Methods()
  const limits = createRateLimits(deps.log, deps.config.WRITES_PER_MINUTE)
  const routes = [
    ...feedRoutes(deps),
    ...headlineRoutes(deps),
    ...listRoutes(deps),
    ...auditRoutes(deps),
    ...keyRoutes(deps),
    ...receiptRoutes(deps),
    ...deskRoutes(deps),
    ...sessionRoutes(deps),
    ...ownAccountRoutes(deps),
    ...accountRoutes(deps),
    ...invitationRoutes(deps),
    ...ssoRoutes(deps),
    ...retractRoutes(deps),
    ...storyRoutes(deps),
    ...policyRoutes(deps),
    ...freezeRoutes(deps),
  ]
  for (const route of routes) {
    app[route.method](expressPath(route.path), serve(route, deps, limits))
    methods.add(route.path, route.method)
  }
  const description = describeApi(routes)
  const open: Record<string, RequestHandler> = {
    '/v1/openapi.json': (_req, res) => sendAnswer(res, { status: 200, body: description }),
    '/problems/{code}': (req, res) => sendAnswer(res, describeProblem(String(req.params.code))),
  }
  for (const [path, handler] of Object.entries(open)) {
    app.get(expressPath(path), handler)
    methods.add(path, 'get')
  }
  if (deps.servesReaders) for (const path of readerPaths) methods.add(path, 'get')

  for (const [path, allow] of methods.byPath()) {
    app.all(expressPath(path), () => {
      throw new Problem('method-not-allowed', { headers: { Allow: allow } })
    })
  }
  app.use(() => {
    throw new Problem('no-such-route')
  })
  app.use((error: unknown, _req: unknown, res: Response, _next: unknown) =>
    sendProblem(res, error, deps.logger),
  )
  return app
}

function commonHeaders({ ids, durability }: ApiDeps): RequestHandler {
  return (_req, res, next) => {
    res.set({
      'X-Request-Id': ids.requestId(),
      'Flashline-Durability': durability(),
      'Cache-Control': 'no-store',
    })
    next()
  }
}

function describeProblem(code: string) {
  if (!Object.hasOwn(problems, code)) throw new Problem('no-such-route')
  const { status, body } = problemBody(code as ProblemCode)
  return { status: 200, body: { type: body.type, code, status, title: body.title, help: body.detail } }
}

/** Which methods each path has, for `Allow`. */
class Methods {
  readonly #byPath = new Map<string, Set<string>>()

  add(path: string, method: string): void {
    const methods = this.#byPath.get(path) ?? new Set()
    methods.add(method.toUpperCase())
    if (method === 'get') methods.add('HEAD')
    this.#byPath.set(path, methods)
  }

  byPath(): [path: string, allow: string][] {
    return Array.from(this.#byPath, ([path, methods]) => [path, [...methods].sort().join(', ')])
  }
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}
