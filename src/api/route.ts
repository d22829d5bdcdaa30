import type { IncomingHttpHeaders } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import { roles, type ApiKeyRecord, type Role } from '../eventlog/api-keys.ts'
import type { ProblemCode } from '../protocol/problems.ts'
import { requestIdOf, sendAnswer, type Answer } from './answer.ts'
import { authenticate } from './api-key.ts'
import type { ApiDeps } from './deps.ts'
import { Problem } from './problem.ts'
import type { RateLimits } from './rate-limits.ts'
import { readBody } from './read-body.ts'
import { settled } from './settled.ts'

/** One request, as a route sees it. */
export interface Call<Body> {
  /** From the path, decoded but not checked. */
  readonly params: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  readonly body: Body
  readonly key: ApiKeyRecord
  readonly requestId: string
}

/** What is served, and what the API's description says of it: one table for both. */
export interface Route<Body = unknown> {
  readonly method: 'get' | 'post' | 'delete'
  /** As in OpenAPI: `/v1/feeds/{feed}`. */
  readonly path: string
  readonly summary: string
  /** The least role that may call it. */
  readonly role: Role
  /** A withdrawal is never held up. */
  readonly unlimited?: true
  readonly body?: z.ZodType<Body>
  readonly ifMatch?: 'required' | 'optional'
  readonly idempotent?: true
  readonly answers: Readonly<Record<number, { readonly description: string; readonly schema?: z.ZodType }>>
  /** Beside those that every route has. */
  readonly problems: readonly ProblemCode[]
  handle(call: Call<Body>): Promise<Answer>
}

/** Ties the type of the body to its schema. */
export function route<Body = undefined>(definition: Route<Body>): Route {
  return definition
}

/** Who, how often, what: in this order, so that a stranger's body is never read. */
export function serve(route: Route, { log }: ApiDeps, limits: RateLimits): RequestHandler {
  return async (req: Request, res: Response) => {
    const key = await authenticate(log, req.headers.authorization)
    if (!key) {
      await settled(limits.failedLogins, req, res)
      throw new Problem('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer realm="flashline"' } })
    }
    if (roles.indexOf(key.role) < roles.indexOf(route.role)) {
      throw new Problem('forbidden', { extra: { detail: `This needs a key with the role ${route.role}.` } })
    }
    if (!route.unlimited) {
      res.locals.keyId = key.id
      await settled(limits.requests, req, res)
    }
    const body = route.body && (await readBody(req, res, route.body))
    const params = req.params as Record<string, string>
    const call = { params, headers: req.headers, body, key, requestId: requestIdOf(res) }
    sendAnswer(res, await route.handle(call))
  }
}
