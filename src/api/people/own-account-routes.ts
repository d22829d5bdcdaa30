import { z } from 'zod'
import { changePassword } from '../../people/own-account.ts'
import { confirmSecondFactor, offerSecondFactor, removeSecondFactor } from '../../people/second-factor.ts'
import {
  codeSchema,
  ownPasswordSchema,
  passwordChangeSchema,
  factorRemovalSchema,
} from '../../protocol/people-requests.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { Problem } from '../../platform/problem.ts'
import { originOf, ownSession, route, type Route } from '../http/route.ts'
import { orProblem } from './or-problem.ts'
import { refuseWeakPassword } from './refuse-weak-password.ts'
import { openedAnswer, sessionCookie, sessionSchema, shownSession } from './session-answer.ts'

const offerSchema = z.object({ secret: z.string(), uri: z.string().describe('`otpauth://…`, for a QR code') })
const confirmedSchema = sessionSchema.extend({
  recoveryCodes: z
    .array(z.string())
    .describe('Shown only in this answer; each works once in place of a code'),
})
const renewed = {
  description: 'Done; the session continues under a new cookie',
  schema: sessionSchema,
  headers: ['Set-Cookie'],
} as const

/** The refusals of a request that takes the password, or a fresh sign-in, once more. */
const proofs = ['wrong-password', 'fresh-sign-in-needed'] as const

export function ownAccountRoutes({ people, config }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/account/password',
      operationId: 'changePassword',
      tag: 'session',
      summary: 'Change your password; all other sessions end',
      role: 'signed-in',
      body: passwordChangeSchema,
      answers: { 200: renewed },
      problems: ['session-needed', 'sso-only', ...proofs, 'second-factor-required'],
      async handle(call) {
        if (config.SSO_ONLY === 'on') throw new Problem('sso-only')
        const session = ownSession(call)
        await refuseWeakPassword(call.body.password, [session.owner.email, session.owner.name])
        const changed = await changePassword(people, session, originOf(call), call.body)
        return openedAnswer(people, orProblem(changed), call)
      },
    }),
    route({
      method: 'post',
      path: '/v1/account/second-factor',
      operationId: 'offerSecondFactor',
      tag: 'session',
      summary: 'Create a second factor (TOTP); it is in force once it is confirmed',
      role: 'signed-in',
      body: ownPasswordSchema,
      answers: {
        201: { description: 'Shown only in this answer; valid for ten minutes', schema: offerSchema },
      },
      problems: ['session-needed', ...proofs, 'second-factor-exists'],
      async handle(call) {
        const { password } = call.body
        const offer = await offerSecondFactor(people, ownSession(call), originOf(call), password)
        return { status: 201, body: orProblem(offer) }
      },
    }),
    route({
      method: 'post',
      path: '/v1/account/second-factor/confirm',
      operationId: 'confirmSecondFactor',
      tag: 'session',
      summary: 'Confirm the second factor by one of its codes; all other sessions end',
      role: 'signed-in',
      body: codeSchema,
      answers: {
        200: {
          description: 'In force; the session continues under a new cookie',
          schema: confirmedSchema,
          headers: ['Set-Cookie'],
        },
      },
      problems: ['session-needed', 'wrong-code'],
      async handle(call) {
        const confirmed = await confirmSecondFactor(people, ownSession(call), originOf(call), call.body.code)
        const { opened, recoveryCodes } = orProblem(confirmed)
        return {
          status: 200,
          headers: { 'Set-Cookie': sessionCookie(people, opened, call) },
          body: { ...shownSession(people, opened), recoveryCodes },
        }
      },
    }),
    route({
      method: 'post',
      path: '/v1/account/second-factor/remove',
      operationId: 'removeSecondFactor',
      tag: 'session',
      summary: 'Remove the second factor; all other sessions end',
      role: 'signed-in',
      body: factorRemovalSchema,
      answers: { 200: renewed },
      problems: ['session-needed', ...proofs, 'wrong-code', 'no-second-factor'],
      async handle(call) {
        const removed = await removeSecondFactor(people, ownSession(call), originOf(call), call.body)
        return openedAnswer(people, orProblem(removed), call)
      },
    }),
  ]
}
