import type { IncomingHttpHeaders } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import type { Actor } from '../../people/principal.ts'
import type { LiveSession, Origin } from '../../people/sessions.ts'
import type { AnswerHeader } from '../../protocol/http-headers.ts'
import type { Operation, OperationAnswer, OperationTag } from '../../protocol/operation.ts'
import { problems, type ProblemCode } from '../../protocol/problems.ts'
import type { ApiDeps } from './api-deps.ts'
import { admit, mayCall, type Needs } from './admit.ts'
import { requestIdOf, sendAnswer, type Answer } from './answer.ts'
import { stillCalls, type CallingPartner, type Principal } from './principal.ts'
import { Problem } from '../../platform/problem.ts'
import type { RateLimits } from './rate-limits.ts'
import { runMiddleware } from './run-middleware.ts'
import { readBody } from './read-body.ts'

/** One request, as a route gets it. */
export interface Call<Body> {
  /** Parameters of the path, decoded but not validated. */
  readonly params: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  /** Parameters of the query, decoded but not validated. */
  readonly query: Readonly<Record<string, unknown>>
  readonly body: Body
  /** `nobody` on a route that needs no sign-in. */
  readonly who: Principal
  /** The session of the cookie; on a route that needs no sign-in also one without its second factor. */
  readonly session?: LiveSession | undefined
  /** The partner that calls, on a route of the role `partner`. */
  readonly partner?: CallingPartner | undefined
  /** The raw query, after the `?`. */
  readonly search: string
  readonly ip: string
  /** The request came over https. */
  readonly secure: boolean
  readonly requestId: string
  /** Checks again that the caller may do this, or has another role in the feed, for an answer that stays open. */
  readonly mayStill: (role?: Needs['role']) => Promise<boolean>
}

/** The actor with the address, for the audit. */
export function actorOf({ who: { credential, person, name }, ip }: Call<unknown>): Actor {
  return { credential, person, name, ip }
}

const MAX_AGENT_LENGTH = 200

/** The address and browser of a sign-in. */
export function originOf({ ip, headers }: Call<unknown>): Origin {
  return { ip, agent: (headers['user-agent'] ?? '').slice(0, MAX_AGENT_LENGTH) }
}

/** The caller's session; a key has none. Errors: Problem. */
export function ownSession({ session }: Call<unknown>): LiveSession {
  if (!session) throw new Problem('session-needed')
  return session
}

/** One route: the api serves it and describes it from the same table. */
export interface Route<Body = unknown> extends Needs {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** As in OpenAPI: `/v1/feeds/{feed}`. */
  readonly path: string
  readonly operationId: string
  readonly tag: OperationTag
  readonly summary: string
  readonly body?: z.ZodType<Body>
  /** The schema that `readQuery` applies. */
  readonly query?: z.ZodObject<Readonly<Record<string, z.ZodType>>>
  readonly ifMatch?: 'required' | 'optional'
  readonly idempotent?: true
  /** Other headers that the route reads. */
  readonly headers?: Operation['headers']
  readonly answers: Readonly<Record<number, RouteAnswer>>
  /** Problems beside those of every route. */
  readonly problems: readonly ProblemCode[]
  handle(call: Call<Body>): Promise<Answer>
}

export interface RouteAnswer {
  readonly description: string
  readonly schema?: z.ZodType
  /** The schema of one frame, where the answer is a stream. */
  readonly stream?: z.ZodType
  /** Bodies of other types, by type; without a schema: text. */
  readonly content?: OperationAnswer['content']
  /** Headers beside those of every answer. */
  readonly headers?: readonly AnswerHeader[]
}

/** Ties the type of the body to its schema. */
export function route<Body = undefined>(definition: Route<Body>): Route {
  return definition
}

/** Checks the caller, then the limits, then the body, so that the body of a caller without rights is never read. */
export function serve(route: Route, { people }: ApiDeps, limits: RateLimits): RequestHandler {
  const admitted = admit(people, limits, route)
  return async (req: Request, res: Response) => {
    const caller = await admitted(req, res)
    const body = route.body && (await readBody(req, res, route.body))
    const { headers, query, secure, ip = '' } = req
    const [, search = ''] = req.originalUrl.split('?', 2)
    const params = req.params as Record<string, string>
    const requestId = requestIdOf(res)
    const mayStill = async (role = route.role) =>
      mayCall({ role }, (await stillCalls(people, req))?.who, params.feed)
    const request = { params, headers, query, search, body, ip, secure }
    const handled = route
      .handle({ ...caller, ...request, requestId, mayStill })
      .catch(async (error: unknown) => {
        // An act on an existing headline is never limited; tries of others are.
        if (route.unlimited && isRefusal(error)) await runMiddleware(limits.requests, req, res)
        throw error
      })
    sendAnswer(res, await handled)
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Problem && [403, 404].includes(problems[error.code].status)
}
