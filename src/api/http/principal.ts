import type { Request } from 'express'
import { approversFor } from '../../people/approvers-for.ts'
import { principalOfKey, waitingKey } from '../../people/api-keys.ts'
import type { partnerOfKey } from '../../partners/partner-keys.ts'
import type { People } from '../../people/people.ts'
import type { Principal } from '../../people/principal.ts'
import { findSession, principalOfSession, peekSession, type LiveSession } from '../../people/sessions.ts'
import { readCookie } from './cookies.ts'
import { requireOwnPage } from './same-origin.ts'

export type { Principal } from '../../people/principal.ts'

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i

export interface Caller {
  readonly who: Principal
  readonly session?: LiveSession
  /** The partner whose key the caller has shown, on a route for partners. */
  readonly partner?: CallingPartner
}

export type CallingPartner = NonNullable<Awaited<ReturnType<typeof partnerOfKey>>>

/** A caller that need not be signed in. */
export const nobody: Principal = {
  credential: 'nobody',
  person: 'nobody',
  name: 'nobody',
  roleIn: () => undefined,
  secondFactor: false,
}

/** The caller, by an API key or a session's cookie; undefined without credentials. Errors: Problem. */
export async function whoCalls(people: People, req: Request): Promise<Caller | undefined> {
  const caller = await callerOf(people, req, findSession)
  if (caller?.session) requireOwnPage(req, caller.session.csrfToken)
  return caller
}

/** As `whoCalls`, for a request that is still open: an open stream does not keep a session alive. */
export function stillCalls(people: People, req: Request): Promise<Caller | undefined> {
  return callerOf(people, req, peekSession)
}

/** The session of the request's cookie, also one that still lacks its second factor. */
export async function sessionOf(people: People, req: Request): Promise<LiveSession | undefined> {
  const token = readCookie(req, 'session')
  return token === undefined ? undefined : findSession(people, token)
}

/** The key of the request's `Authorization`; undefined if there is none, or another kind of credential. */
export function bearerOf({ headers: { authorization = '' } }: Request): string | undefined {
  return BEARER.exec(authorization)?.[1]
}

/** The step that the owner of a right credential still has to do; undefined for a wrong or missing credential. */
export async function missingStep(people: People, req: Request): Promise<string | undefined> {
  if (req.headers.authorization === undefined) {
    const session = await sessionOf(people, req)
    return session?.half
      ? 'This session waits for its second factor: send the code to `/v1/session/second-factor`.'
      : undefined
  }
  const key = bearerOf(req)
  const waiting = key === undefined ? undefined : await waitingKey(people, key)
  if (!waiting) return undefined
  const names = await approversFor(people, [waiting.owner])
  return `This key waits for the approval of a second admin${names === '' ? '' : `: ${names}`}.`
}

async function callerOf(people: People, req: Request, find: typeof findSession): Promise<Caller | undefined> {
  // A cookie does not replace a wrong key.
  if (req.headers.authorization !== undefined) {
    const key = bearerOf(req)
    const who = key === undefined ? undefined : await principalOfKey(people, key)
    return who && { who }
  }
  const token = readCookie(req, 'session')
  const session = token === undefined ? undefined : await find(people, token)
  return session && !session.half ? { who: principalOfSession(session), session } : undefined
}
