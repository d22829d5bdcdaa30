import { z } from 'zod'
import { endOneSession, signOut, signOutEverywhere } from '../../people/own-account.ts'
import { giveSecondFactor } from '../../people/second-factor.ts'
import { endSession, listSessions } from '../../people/sessions.ts'
import { signIn } from '../../people/sign-in.ts'
import { codeSchema, signInSchema } from '../../protocol/people-requests.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { clearCookie } from '../http/cookies.ts'
import { Problem } from '../../platform/problem.ts'
import { originOf, ownSession, route, type Route } from '../http/route.ts'
import { orProblem } from './or-problem.ts'
import { listedSession, listedSessionSchema } from './listed-session.ts'
import { openedAnswer, sessionSchema, shownSession } from './session-answer.ts'

const opened = {
  description: 'Signed in; the session is in the cookie',
  schema: sessionSchema,
  headers: ['Set-Cookie'],
} as const
export function sessionRoutes({ people, config }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/session',
      operationId: 'getSession',
      tag: 'session',
      summary: 'Read who the caller is',
      role: 'signed-in',
      answers: { 200: { description: 'For a key without email, roles and token', schema: sessionSchema } },
      problems: [],
      handle({ session, who: { credential, person, name, secondFactor } }) {
        const body = session ? shownSession(people, session) : { credential, person, name, secondFactor }
        return Promise.resolve({ status: 200, body })
      },
    }),
    route({
      method: 'post',
      path: '/v1/session',
      operationId: 'signIn',
      tag: 'session',
      summary: 'Sign in with email and password, or once with the token of the first start',
      role: 'anybody',
      body: signInSchema,
      answers: { 200: opened },
      problems: ['sign-in-failed', 'wrong-code', 'second-factor-required', 'sso-only'],
      async handle(call) {
        if (config.SSO_ONLY === 'on' && 'password' in call.body) throw new Problem('sso-only')
        const session = orProblem(await signIn(people, originOf(call), call.body))
        // The session that the browser had before ends.
        if (call.session) await endSession(people, call.session)
        return openedAnswer(people, session, call)
      },
    }),
    route({
      method: 'delete',
      path: '/v1/session',
      operationId: 'signOut',
      tag: 'session',
      summary: 'Sign out',
      role: 'signed-in',
      answers: { 204: { description: 'The session has ended', headers: ['Set-Cookie'] } },
      problems: ['session-needed'],
      async handle(call) {
        await signOut(people, ownSession(call), originOf(call))
        return { status: 204, headers: { 'Set-Cookie': clearCookie('session', call.secure) } }
      },
    }),
    route({
      method: 'post',
      path: '/v1/session/second-factor',
      operationId: 'giveSecondFactor',
      tag: 'session',
      summary: 'Send a code of the second factor, or a recovery code',
      role: 'anybody',
      body: codeSchema,
      answers: { 200: opened },
      problems: ['unauthenticated', 'wrong-code'],
      async handle(call) {
        if (!call.session) throw new Problem('unauthenticated')
        const given = await giveSecondFactor(people, call.session, originOf(call), call.body.code)
        return openedAnswer(people, orProblem(given), call)
      },
    }),
    route({
      method: 'get',
      path: '/v1/sessions',
      operationId: 'listSessions',
      tag: 'session',
      summary: 'List your sessions, newest first',
      role: 'signed-in',
      answers: {
        200: {
          description: 'The valid sessions',
          schema: z.object({ sessions: z.array(listedSessionSchema) }),
        },
      },
      problems: ['session-needed'],
      async handle(call) {
        const own = ownSession(call)
        const sessions = await listSessions(people, own.account)
        return { status: 200, body: { sessions: sessions.map((session) => listedSession(session, own)) } }
      },
    }),
    route({
      method: 'delete',
      path: '/v1/sessions/{session}',
      operationId: 'endSession',
      tag: 'session',
      summary: 'End one of your sessions',
      role: 'signed-in',
      answers: { 204: { description: 'It has ended' } },
      problems: ['session-needed', 'no-such-session'],
      async handle(call) {
        const id = call.params.session ?? ''
        orProblem(await endOneSession(people, ownSession(call), originOf(call), id))
        return { status: 204 }
      },
    }),
    route({
      method: 'delete',
      path: '/v1/sessions',
      operationId: 'signOutEverywhere',
      tag: 'session',
      summary: 'Sign out everywhere',
      role: 'signed-in',
      answers: { 204: { description: 'All sessions of the account have ended', headers: ['Set-Cookie'] } },
      problems: ['session-needed'],
      async handle(call) {
        await signOutEverywhere(people, ownSession(call), originOf(call))
        return { status: 204, headers: { 'Set-Cookie': clearCookie('session', call.secure) } }
      },
    }),
  ]
}
