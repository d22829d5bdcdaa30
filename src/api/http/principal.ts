import type { Request } from 'express'
import { principalOfKey } from '../../people/api-keys.ts'
import type { People } from '../../people/people.ts'
import type { Principal } from '../../people/principal.ts'
import { findSession, principalOfSession, seeSession, type LiveSession } from '../../people/sessions.ts'
import { readCookie } from './cookies.ts'
import { requireOwnPage } from './same-origin.ts'

export type { Principal } from '../../people/principal.ts'

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i

export interface Caller {
  readonly who: Principal
  readonly session?: LiveSession
}

/** Who may be anybody. */
export const nobody: Principal = {
  credential: 'nobody',
  person: 'nobody',
  name: 'nobody',
  roleIn: () => undefined,
  secondFactor: false,
}

/** Who calls, by an API key or by a session's cookie; undefined for a stranger. Errors: Problem. */
export async function whoCalls(people: People, req: Request): Promise<Caller | undefined> {
  const caller = await callerOf(people, req, findSession)
  if (caller?.session) requireOwnPage(req, caller.session.csrfToken)
  return caller
}

/** The same for a request that goes on: a stream that is left open does not keep a session alive. */
export function stillCalls(people: People, req: Request): Promise<Caller | undefined> {
  return callerOf(people, req, seeSession)
}

/** The session of the request's cookie, a half one too. */
export async function sessionOf(people: People, req: Request): Promise<LiveSession | undefined> {
  const token = readCookie(req, 'session')
  return token === undefined ? undefined : findSession(people, token)
}

async function callerOf(people: People, req: Request, find: typeof findSession): Promise<Caller | undefined> {
  const { authorization } = req.headers
  // A key that does not fit is not made good by a cookie.
  if (authorization !== undefined) {
    const key = BEARER.exec(authorization)?.[1]
    const who = key === undefined ? undefined : await principalOfKey(people, key)
    return who && { who }
  }
  const token = readCookie(req, 'session')
  const session = token === undefined ? undefined : await find(people, token)
  return session && !session.half ? { who: principalOfSession(session), session } : undefined
}
