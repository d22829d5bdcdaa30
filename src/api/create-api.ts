import type { Express, RequestHandler, Response } from 'express'
import { createApp } from '../platform/create-app.ts'
import { secureHeaders } from '../platform/secure-headers.ts'
import { AS_RUN_PATH } from '../protocol/as-run.ts'
import { expressPath } from '../protocol/operation.ts'
import { problemBody, problems, type ProblemCode } from '../protocol/problems.ts'
import { readerRoutes } from '../protocol/reader-routes.ts'
import { contractRoutes } from '../protocol/service-routes.ts'
import { apiRoutes } from './api-routes.ts'
import { deskPage } from './desk-page/desk-page.ts'
import { docsPage } from './docs-page/docs-page.ts'
import { asRunPreflight } from './on-air/as-run-preflight.ts'
import type { ApiDeps } from './http/api-deps.ts'
import { sendAnswer, sendError } from './http/answer.ts'
import { Problem } from '../platform/problem.ts'
import { createRateLimits } from './http/rate-limits.ts'
import { serve } from './http/route.ts'
import { describeApi } from './openapi/describe-api.ts'
import { describeStreams } from './openapi/describe-streams.ts'

/**
 * The API of the newsroom, as an Express app: a request handler `(req, res)` that answers every request, unknown
 * addresses with 404. It owns no resource that must be closed.
 */
export function createApi(deps: ApiDeps): Express {
  const app = createApp(deps.config.TRUST_PROXY)
  app.use(secureHeaders(), commonHeaders(deps))

  app.use(deskPage(), docsPage())

  const methods = new Methods()
  for (const path of ['/desk', '/docs', '/docs/streams']) methods.add(path, 'get')
  const limits = createRateLimits(deps.store, deps.config.WRITES_PER_MINUTE)
  app.options(expressPath(AS_RUN_PATH), asRunPreflight)
  methods.add(AS_RUN_PATH, 'options')
  const routes = apiRoutes(deps)
  for (const route of routes) {
    app[route.method](expressPath(route.path), serve(route, deps, limits))
    methods.add(route.path, route.method)
  }
  const description = describeApi(routes)
  const streams = describeStreams(routes)
  const open: Record<string, RequestHandler> = {
    [contractRoutes.openapi.path]: (_req, res) => sendAnswer(res, { status: 200, body: description }),
    [contractRoutes.asyncapi.path]: (_req, res) => sendAnswer(res, { status: 200, body: streams }),
    [contractRoutes.problem.path]: (req, res) => sendAnswer(res, describeProblem(String(req.params.code))),
  }
  for (const [path, handler] of Object.entries(open)) {
    app.get(expressPath(path), handler)
    methods.add(path, 'get')
  }
  if (deps.servesReaders) for (const { path } of Object.values(readerRoutes)) methods.add(path, 'get')

  for (const [path, allow] of methods.byPath()) {
    app.all(expressPath(path), () => {
      throw new Problem('method-not-allowed', { headers: { Allow: allow } })
    })
  }
  app.use(limits.unknownRoutes, () => {
    throw new Problem('no-such-route')
  })
  app.use((error: unknown, _req: unknown, res: Response, _next: unknown) =>
    sendError(res, error, deps.logger),
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
