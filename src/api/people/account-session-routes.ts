import { z } from 'zod'
import { endSessionsOf, readAccount } from '../../people/administration.ts'
import { listSessions } from '../../people/sessions.ts'
import { Problem } from '../../platform/problem.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { actorOf, route, type Route } from '../http/route.ts'
import { listedSession, listedSessionSchema } from './listed-session.ts'
import { orProblem } from './or-problem.ts'

const path = '/v1/accounts/{account}/sessions'

/** Routes by which admins see and end the sessions of other people. */
export function accountSessionRoutes({ people }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path,
      operationId: 'listAccountSessions',
      tag: 'accounts',
      summary: 'List the sessions of an account, newest first',
      role: 'admin',
      answers: {
        200: {
          description: 'The valid sessions',
          schema: z.object({ sessions: z.array(listedSessionSchema) }),
        },
      },
      problems: ['no-such-account'],
      async handle({ params: { account = '' }, session: own }) {
        if (!(await readAccount(people, account))) throw new Problem('no-such-account')
        const sessions = await listSessions(people, account)
        return { status: 200, body: { sessions: sessions.map((session) => listedSession(session, own)) } }
      },
    }),
    route({
      method: 'delete',
      path,
      operationId: 'endAccountSessions',
      tag: 'accounts',
      summary: 'End all sessions of an account; the person can sign in again',
      role: 'admin',
      answers: { 204: { description: 'All its sessions have ended' } },
      problems: ['no-such-account'],
      async handle(call) {
        orProblem(await endSessionsOf(people, actorOf(call), call.params.account ?? ''))
        return { status: 204 }
      },
    }),
  ]
}
