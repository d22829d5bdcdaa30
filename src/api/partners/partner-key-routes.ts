import { issuePartnerKey, revokePartnerKey, type IssuedPartnerKey } from '../../partners/partner-keys.ts'
import type { Partner } from '../../partners/partner.ts'
import { keyRotationSchema, partnerKeyRequestSchema } from '../../protocol/partner-requests.ts'
import type { Answer } from '../http/answer.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { etagOf } from '../http/conditions.ts'
import { actorOf, route, type Route } from '../http/route.ts'
import { orProblem } from '../people/or-problem.ts'
import { idOf } from './partner-routes.ts'
import { issuedPartnerKeySchema } from './partner-schema.ts'

const path = '/v1/partners/{partner}'
const issued = {
  201: {
    description: 'The key; it cannot be shown again. `ETag` is the version of the partner',
    schema: issuedPartnerKeySchema,
    headers: ['ETag'],
  },
} as const

export function partnerKeyRoutes({ people }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: `${path}/keys`,
      operationId: 'issuePartnerKey',
      tag: 'partners',
      summary: 'Make one more key of a partner',
      role: 'admin',
      body: partnerKeyRequestSchema,
      answers: issued,
      problems: ['no-such-partner', 'too-many-keys'],
      async handle(call) {
        return issuedAnswer(orProblem(await issuePartnerKey(people, actorOf(call), idOf(call), call.body)))
      },
    }),
    route({
      method: 'post',
      path: `${path}/rotate`,
      operationId: 'rotatePartnerKey',
      tag: 'partners',
      summary: 'Make a key of a partner in place of its older ones, which end after a while',
      role: 'admin',
      body: keyRotationSchema,
      answers: issued,
      problems: ['no-such-partner', 'too-many-keys'],
      async handle(call) {
        return issuedAnswer(orProblem(await issuePartnerKey(people, actorOf(call), idOf(call), call.body)))
      },
    }),
    route({
      method: 'delete',
      path: `${path}/keys/{key}`,
      operationId: 'revokePartnerKey',
      tag: 'partners',
      summary: 'Revoke a key of a partner; streams that were opened with it end within two seconds',
      role: 'admin',
      answers: { 204: { description: 'Revoked; the key, and tokens made with it, are not valid any more' } },
      problems: ['no-such-partner', 'no-such-key'],
      async handle(call) {
        orProblem<Partner>(await revokePartnerKey(people, actorOf(call), idOf(call), call.params.key ?? ''))
        return { status: 204 }
      },
    }),
  ]
}

function issuedAnswer({ partner, record: { hash: _, ...shown }, key }: IssuedPartnerKey): Answer {
  const { id, version } = partner
  return { status: 201, headers: { ETag: etagOf(version) }, body: { key, ...shown, partner: id, version } }
}
