import type { IncomingHttpHeaders } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import type { ProblemCode } from '../protocol/problems.ts'
import type { Actor } from '../people/principal.ts'
import { atLeast, type Role } from '../protocol/roles.ts'
import { requestIdOf, sendAnswer, type Answer } from './answer.ts'
import type { ApiDeps } from './deps.ts'
import { whoCalls, type Principal } from './principal.ts'
import { Problem } from './problem.ts'
import type { RateLimits } from './rate-limits.ts'
import { readBody } from './read-body.ts'
import { settled } from './settled.ts'

/** One request, as a route sees it. */
export interface Call<Body> {
  /** From the path, decoded but not checked. */
  readonly params: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  /** From the address, decoded but not checked. */
  readonly query: Readonly<Record<string, unknown>>
  readonly body: Body
  readonly who: Principal
  readonly ip: string
  readonly requestId: string
  /** Looks again whether the caller may do this: for an answer that goes on. */
  readonly mayStill: () => Promise<boolean>
}

/** Who acts, from where: for the audit. */
export function actorOf({ who: { credential, person, name }, ip }: Call<unknown>): Actor {
  return { credential, person, name, ip }
}

/** What is served, and what the API's description says of it: one table for both. */
export interface Route<Body = unknown> {
  readonly method: 'get' | 'post' | 'delete'
  /** As in OpenAPI: `/v1/feeds/{feed}`. */
  readonly path: string
  readonly summary: string
  /** The least role that may call it: in the feed of its path, or else in `*`. */
  readonly role: Role
  /** A withdrawal is never held up. */
  readonly unlimited?: true
  readonly body?: z.ZodType<Body>
  /** Read by `readQuery`. */
  readonly query?: z.ZodObject<Readonly<Record<string, z.ZodType>>>
  readonly ifMatch?: 'required' | 'optional'
  readonly idempotent?: true
  readonly answers: Readonly<
    Record<number, { readonly description: string; readonly schema?: z.ZodType; readonly stream?: true }>
  >
  /** Beside those that every route has. */
  readonly problems: readonly ProblemCode[]
  handle(call: Call<Body>): Promise<Answer>
}

/** Ties the type of the body to its schema. */
export function route<Body = undefined>(definition: Route<Body>): Route {
  return definition
}

/** Who, how often, what: in this order, so that a stranger's body is never read. */
export function serve(route: Route, { people }: ApiDeps, limits: RateLimits): RequestHandler {
  return async (req: Request, res: Response) => {
    const who = await whoCalls(people, req)
    if (!who) {
      await settled(limits.failedLogins, req, res)
      throw new Problem('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer realm="flashline"' } })
    }
    const params = req.params as Record<string, string>
    if (!mayCall(route, params, who)) {
      const where = params.feed === undefined ? '' : ' in this feed'
      throw new Problem('forbidden', { extra: { detail: `This needs the role ${route.role}${where}.` } })
    }
    if (!route.unlimited) {
      res.locals.credential = who.credential
      await settled(limits.requests, req, res)
    }
    const body = route.body && (await readBody(req, res, route.body))
    const { headers, query, ip = '' } = req
    const mayStill = async () => mayCall(route, params, await whoCalls(people, req))
    const call = { params, headers, query, body, who, ip, requestId: requestIdOf(res), mayStill }
    sendAnswer(res, await route.handle(call))
  }
}

function mayCall(route: Route, { feed = '*' }: Readonly<Record<string, string>>, who?: Principal): boolean {
  return who !== undefined && atLeast(who.roleIn(feed), route.role)
}
