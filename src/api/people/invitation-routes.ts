import { z } from 'zod'
import {
  acceptInvitation,
  approveInvitation,
  invite,
  invitedEmail,
  listInvitations,
  readInvitation,
  withdrawInvitation,
} from '../../people/invitations.ts'
import { openSession } from '../../people/sessions.ts'
import { feedRolesSchema } from '../../protocol/feed-roles.ts'
import { acceptanceSchema, invitationSchema } from '../../protocol/people-requests.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { Problem } from '../../platform/problem.ts'
import { etagOf, seenVersion } from '../http/conditions.ts'
import { actorOf, originOf, route, type Route } from '../http/route.ts'
import { approvedOrProblem, orProblem } from './or-problem.ts'
import { requireSecondFactor } from './require-second-factor.ts'
import { refuseUnknownFeeds } from './refuse-unknown-feeds.ts'
import { refuseWeakPassword } from './refuse-weak-password.ts'
import { openedAnswer, sessionSchema } from './session-answer.ts'

const path = '/v1/invitations/{invitation}'
const shownSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    roles: feedRolesSchema,
    by: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    version: z.int().describe('Its `ETag`, which the approval names in `If-Match`'),
    waitsFor: z.literal('approval').optional().describe('It waits for a second admin'),
  })
  .meta({ id: 'Invitation' })
const sentSchema = shownSchema.extend({ token: z.string().describe('Shown only in this answer; works once') })

export function invitationRoutes({ people, store, config }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/invitations',
      operationId: 'invite',
      tag: 'accounts',
      summary: 'Invite a person to an account',
      role: 'admin',
      body: invitationSchema,
      answers: {
        201: { description: 'Give the token to the person yourself', schema: sentSchema, headers: ['ETag'] },
      },
      problems: ['account-exists', 'unknown-feed', 'second-factor-required'],
      async handle(call) {
        await refuseUnknownFeeds(store, call.body.roles)
        await requireSecondFactor(store, call.who, call.body.roles)
        const { token, invitation } = orProblem(await invite(people, actorOf(call), call.body))
        const headers = { ETag: etagOf(invitation.version) }
        return { status: 201, headers, body: { token, ...invitation } }
      },
    }),
    route({
      method: 'get',
      path: '/v1/invitations',
      operationId: 'listInvitations',
      tag: 'accounts',
      summary: 'List the invitations that can still be accepted',
      role: 'admin',
      answers: {
        200: { description: 'Oldest first', schema: z.object({ invitations: z.array(shownSchema) }) },
      },
      problems: [],
      async handle() {
        return { status: 200, body: { invitations: await listInvitations(people) } }
      },
    }),
    route({
      method: 'post',
      path: '/v1/invitations/accept',
      operationId: 'acceptInvitation',
      tag: 'accounts',
      summary: 'Accept an invitation by its token: create the account and sign in',
      role: 'anybody',
      body: acceptanceSchema,
      answers: {
        200: {
          description: 'The session is in the cookie',
          schema: sessionSchema,
          headers: ['Set-Cookie'],
        },
      },
      problems: ['invalid-token', 'waits-for-approval', 'account-exists', 'sso-only'],
      async handle(call) {
        if (config.SSO_ONLY === 'on') throw new Problem('sso-only')
        const { token, name, password } = call.body
        await refuseWeakPassword(password, [(await invitedEmail(people, token)) ?? '', name])
        const account = orProblem(await acceptInvitation(people, call.ip, call.body))
        return openedAnswer(people, await openSession(people, account, originOf(call)), call)
      },
    }),
    route({
      method: 'delete',
      path,
      operationId: 'withdrawInvitation',
      tag: 'accounts',
      summary: 'Withdraw an invitation',
      role: 'admin',
      answers: { 204: { description: 'Its token is not valid any more' } },
      problems: ['no-such-invitation'],
      async handle(call) {
        orProblem(await withdrawInvitation(people, actorOf(call), call.params.invitation ?? ''))
        return { status: 204 }
      },
    }),
    route({
      method: 'post',
      path: `${path}/approve`,
      operationId: 'approveInvitation',
      tag: 'accounts',
      summary: 'Approve an invitation that waits for a second admin',
      role: 'admin',
      ifMatch: 'required',
      answers: { 200: { description: 'It can be accepted', schema: shownSchema, headers: ['ETag'] } },
      problems: [
        'no-such-invitation',
        'stale-version',
        'nothing-to-approve',
        'self-approval',
        'second-factor-required',
      ],
      async handle(call) {
        const id = call.params.invitation ?? ''
        await requireSecondFactor(store, call.who, (await readInvitation(people, id))?.roles)
        const outcome = await approveInvitation(people, actorOf(call), id, seenVersion(call.headers))
        const approved = await approvedOrProblem(people, call, outcome, () => readInvitation(people, id))
        return { status: 200, headers: { ETag: etagOf(approved.version) }, body: approved }
      },
    }),
  ]
}
