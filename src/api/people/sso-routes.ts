import { z } from 'zod'
import { endSession } from '../../people/sessions.ts'
import type { SingleSignOn } from '../../people/single-sign-on.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { readCookie, setCookie } from '../http/cookies.ts'
import { Problem } from '../../platform/problem.ts'
import { originOf, route, type Route } from '../http/route.ts'
import { orProblem } from './or-problem.ts'
import { sessionCookie } from './session-answer.ts'

/** Query parameters that a provider may add to the address (RFC 6749, section 4.1.2; RFC 9207). */
const callbackQuery = z.object({
  code: z.string().optional(),
  state: z.string().optional(),
  iss: z.string().optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
})

const COOKIE_MS = 10 * 60_000

/** For browsers: both addresses answer with a redirect. */
export function ssoRoutes({ people, singleSignOn }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/sso/start',
      operationId: 'startSingleSignOn',
      tag: 'session',
      summary: 'Sign in at the single sign-on provider',
      role: 'anybody',
      answers: { 302: { description: 'To the provider', headers: ['Location', 'Set-Cookie'] } },
      problems: ['no-such-route', 'sso-unavailable'],
      async handle({ secure }) {
        const { url, token } = orProblem(await setUp(singleSignOn).start())
        const cookie = setCookie('sso', token, COOKIE_MS, secure)
        return { status: 302, headers: { Location: url, 'Set-Cookie': cookie } }
      },
    }),
    route({
      method: 'get',
      path: '/v1/sso/callback',
      operationId: 'finishSingleSignOn',
      tag: 'session',
      summary: 'Finish a sign-in: the provider redirects people here',
      role: 'anybody',
      query: callbackQuery,
      answers: { 302: { description: 'To the page, signed in', headers: ['Location', 'Set-Cookie'] } },
      problems: [
        'no-such-route',
        'sso-failed',
        'sso-email-unverified',
        'sso-unknown-person',
        'sso-unavailable',
      ],
      async handle(call) {
        const token = readCookie(call, 'sso')
        if (token === undefined) throw new Problem('sso-failed')
        const session = orProblem(await setUp(singleSignOn).finish(call.search, token, originOf(call)))
        // The session that the browser had before ends.
        if (call.session) await endSession(people, call.session)
        return { status: 302, headers: { Location: '/', 'Set-Cookie': sessionCookie(people, session, call) } }
      },
    }),
  ]
}

function setUp(singleSignOn: SingleSignOn | undefined): SingleSignOn {
  if (!singleSignOn) throw new Problem('no-such-route')
  return singleSignOn
}
