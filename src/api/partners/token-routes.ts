import { z } from 'zod'
import { issueDeskToken, issueToken, type IssuedToken } from '../../partners/issue-token.ts'
import { Problem } from '../../platform/problem.ts'
import { tokenRequestSchema } from '../../protocol/partner-requests.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { route, type Route } from '../http/route.ts'
import { orProblem } from '../people/or-problem.ts'

const tokenSchema = z.object({
  token: z.string().describe('For `?token=` or `Authorization: Bearer`'),
  expiresAt: z.iso.datetime().describe('The token opens nothing from then on; open streams go on'),
})

const deskTokenSchema = tokenSchema.extend({
  expiresAt: tokenSchema.shape.expiresAt.describe(
    'The token opens nothing from then on, and its streams end',
  ),
})

export function tokenRoutes({ store, people }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/partner-tokens',
      operationId: 'issuePartnerToken',
      tag: 'partners',
      summary: "Make a token for a page or an app of the partner, on the partner's own server",
      role: 'partner',
      body: tokenRequestSchema,
      answers: { 201: { description: 'The token, for at most five minutes', schema: tokenSchema } },
      problems: ['origin-refused', 'no-such-feed'],
      async handle({ partner: caller, body }) {
        if (!caller) throw new Problem('partner-refused')
        const { partner, keyId } = caller
        const outcome = await issueToken(people, partner, keyId, body)
        return { status: 201, body: orProblem<IssuedToken>(outcome) }
      },
    }),
    route({
      method: 'post',
      path: '/v1/feeds/{feed}/reader-tokens',
      operationId: 'issueReaderToken',
      tag: 'desk',
      summary: 'Make a token by which you read the feed as readers get it, also one that is for partners',
      role: 'reader',
      answers: { 201: { description: 'The token, for five minutes', schema: deskTokenSchema } },
      problems: ['no-such-feed'],
      async handle(call) {
        return { status: 201, body: await issueDeskToken(people, await existingFeedOf(store, call)) }
      },
    }),
  ]
}
