import { z } from 'zod'
import { readAccount } from '../../people/administration.ts'
import {
  accountToRecover,
  approveRecovery,
  cancelRecovery,
  recoverAccount,
  startRecovery,
} from '../../people/recovery.ts'
import { Problem } from '../../platform/problem.ts'
import { recoverySchema } from '../../protocol/people-requests.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { etagOf, seenVersion } from '../http/conditions.ts'
import { actorOf, originOf, route, type Route } from '../http/route.ts'
import { accountSchema, shownAccount } from './account-answer.ts'
import { approvalOfOwn, approvedOrProblem, orProblem } from './or-problem.ts'
import { refuseWeakPassword } from './refuse-weak-password.ts'
import { requireSecondFactor } from './require-second-factor.ts'
import { openedAnswer, sessionSchema } from './session-answer.ts'

const path = '/v1/accounts/{account}/recovery'
const withToken = accountSchema.extend({
  token: z.string().describe('Shown only in this answer; give it to the person yourself'),
})

/** Routes that let a person back in who has lost the password or the second factor. */
export function recoveryRoutes({ people, store, config }: ApiDeps): Route[] {
  function refuseWithoutPasswords(): void {
    if (config.SSO_ONLY === 'on') throw new Problem('sso-only')
  }
  return [
    route({
      method: 'post',
      path,
      operationId: 'startRecovery',
      tag: 'accounts',
      summary: 'Let a person back in who has lost the password or the second factor',
      role: 'admin',
      answers: {
        201: {
          description: 'Works once, for 24 h. Under the two-person rule the person needs a second token',
          schema: withToken,
          headers: ['ETag'],
        },
      },
      problems: ['no-such-account', 'self-approval', 'second-factor-required', 'sso-only'],
      async handle(call) {
        refuseWithoutPasswords()
        const id = call.params.account ?? ''
        await requireSecondFactor(store, call.who, (await readAccount(people, id))?.roles)
        const outcome = await startRecovery(people, actorOf(call), id)
        if (outcome === 'self-approval') throw await approvalOfOwn(people, call.who.person)
        const { token, account } = orProblem(outcome)
        const headers = { ETag: etagOf(account.version) }
        return { status: 201, headers, body: { token, ...shownAccount(people, account) } }
      },
    }),
    route({
      method: 'post',
      path: `${path}/approve`,
      operationId: 'approveRecovery',
      tag: 'accounts',
      summary: "Approve a recovery as a second admin, and get the person's second token",
      role: 'admin',
      ifMatch: 'required',
      answers: { 200: { description: 'The recovery can be used', schema: withToken, headers: ['ETag'] } },
      problems: [
        'no-such-account',
        'stale-version',
        'nothing-to-approve',
        'self-approval',
        'second-factor-required',
      ],
      async handle(call) {
        const id = call.params.account ?? ''
        await requireSecondFactor(store, call.who, (await readAccount(people, id))?.roles)
        const current = async () => {
          const present = await readAccount(people, id)
          return present && shownAccount(people, present)
        }
        const outcome = await approveRecovery(people, actorOf(call), id, seenVersion(call.headers))
        const { token, account } = await approvedOrProblem(people, call, outcome, current)
        const headers = { ETag: etagOf(account.version) }
        return { status: 200, headers, body: { token, ...shownAccount(people, account) } }
      },
    }),
    route({
      method: 'delete',
      path,
      operationId: 'cancelRecovery',
      tag: 'accounts',
      summary: 'Cancel a recovery; its tokens are not valid any more',
      role: 'admin',
      answers: { 204: { description: 'There is none now' } },
      problems: ['no-such-account'],
      async handle(call) {
        orProblem(await cancelRecovery(people, actorOf(call), call.params.account ?? ''))
        return { status: 204 }
      },
    }),
    route({
      method: 'post',
      path: '/v1/account/recovery',
      operationId: 'recoverAccount',
      tag: 'session',
      summary: 'Choose a new password by the tokens of a recovery; the second factor and all sessions end',
      role: 'anybody',
      body: recoverySchema,
      answers: {
        200: { description: 'The session is in the cookie', schema: sessionSchema, headers: ['Set-Cookie'] },
      },
      problems: ['invalid-token', 'waits-for-approval', 'sso-only'],
      async handle(call) {
        refuseWithoutPasswords()
        const { email, name } = orProblem(await accountToRecover(people, call.body.tokens))
        await refuseWeakPassword(call.body.password, [email, name])
        return openedAnswer(people, orProblem(await recoverAccount(people, originOf(call), call.body)), call)
      },
    }),
  ]
}
