import type { IncomingHttpHeaders } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import type { Actor } from '../../people/principal.ts'
import type { LiveSession, Origin } from '../../people/sessions.ts'
import type { AnswerHeader } from '../../protocol/http-headers.ts'
import type { Operation, OperationTag } from '../../protocol/operation.ts'
import type { ProblemCode } from '../../protocol/problems.ts'
import type { ApiDeps } from './api-deps.ts'
import { admit, mayCall, type Needs } from './admit.ts'
import { requestIdOf, sendAnswer, type Answer } from './answer.ts'
import { stillCalls, type Principal } from './principal.ts'
import { Problem } from '../../platform/problem.ts'
import type { RateLimits } from './rate-limits.ts'
import { readBody } from './read-body.ts'

/** One request, as a route sees it. */
export interface Call<Body> {
  /** From the path, decoded but not checked. */
  readonly params: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  /** From the address, decoded but not checked. */
  readonly query: Readonly<Record<string, unknown>>
  readonly body: Body
  /** `nobody` where the route takes anybody. */
  readonly who: Principal
  /** Of the cookie; where the route takes anybody, a half one too. */
  readonly session?: LiveSession | undefined
  /** What follows the `?`, as it came. */
  readonly search: string
  readonly ip: string
  /** It came over https. */
  readonly secure: boolean
  readonly requestId: string
  /** Looks again whether the caller may do this: for an answer that goes on. */
  readonly mayStill: () => Promise<boolean>
}

/** Who acts, from where: for the audit. */
export function actorOf({ who: { credential, person, name }, ip }: Call<unknown>): Actor {
  return { credential, person, name, ip }
}

const MAX_AGENT_LENGTH = 200

/** Where somebody signs in from. */
export function originOf({ ip, headers }: Call<unknown>): Origin {
  return { ip, agent: (headers['user-agent'] ?? '').slice(0, MAX_AGENT_LENGTH) }
}

/** The session of who calls; a key has none. Errors: Problem. */
export function ownSession({ session }: Call<unknown>): LiveSession {
  if (!session) throw new Problem('session-needed')
  return session
}

/** What is served, and what the API's description says of it: one table for both. */
export interface Route<Body = unknown> extends Needs {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** As in OpenAPI: `/v1/feeds/{feed}`. */
  readonly path: string
  readonly operationId: string
  readonly tag: OperationTag
  readonly summary: string
  readonly body?: z.ZodType<Body>
  /** Read by `readQuery`. */
  readonly query?: z.ZodObject<Readonly<Record<string, z.ZodType>>>
  readonly ifMatch?: 'required' | 'optional'
  readonly idempotent?: true
  /** Other headers that it reads. */
  readonly headers?: Operation['headers']
  readonly answers: Readonly<Record<number, RouteAnswer>>
  /** Beside those that every route has. */
  readonly problems: readonly ProblemCode[]
  handle(call: Call<Body>): Promise<Answer>
}

export interface RouteAnswer {
  readonly description: string
  readonly schema?: z.ZodType
  /** One frame of the stream that it is. */
  readonly stream?: z.ZodType
  /** Beside those that every answer has. */
  readonly headers?: readonly AnswerHeader[]
}

/** Ties the type of the body to its schema. */
export function route<Body = undefined>(definition: Route<Body>): Route {
  return definition
}

/** Who, how often, what: in this order, so that a stranger's body is never read. */
export function serve(route: Route, { people }: ApiDeps, limits: RateLimits): RequestHandler {
  const admitted = admit(people, limits, route)
  return async (req: Request, res: Response) => {
    const caller = await admitted(req, res)
    const body = route.body && (await readBody(req, res, route.body))
    const { headers, query, secure, ip = '' } = req
    const [, search = ''] = req.originalUrl.split('?', 2)
    const params = req.params as Record<string, string>
    const requestId = requestIdOf(res)
    const mayStill = async () => mayCall(route, (await stillCalls(people, req))?.who, params.feed)
    const asked = { params, headers, query, search, body, ip, secure }
    sendAnswer(res, await route.handle({ ...caller, ...asked, requestId, mayStill }))
  }
}
