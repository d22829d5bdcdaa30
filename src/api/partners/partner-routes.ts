import { z } from 'zod'
import { feedExists } from '../../eventlog/feeds/feeds.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { shownPartner, type Partner } from '../../partners/partner.ts'
import {
  approvePartner,
  changePartner,
  createPartner,
  deletePartner,
  listPartners,
  readPartner,
} from '../../partners/partners.ts'
import type { People } from '../../people/people.ts'
import { Problem } from '../../platform/problem.ts'
import { partnerRequestSchema, type PartnerSettings } from '../../protocol/partner-requests.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { seenVersion } from '../http/conditions.ts'
import { actorOf, route, type Call, type Route } from '../http/route.ts'
import { approvedOrProblem, orProblem } from '../people/or-problem.ts'
import { partnerAnswer, partnerSchema } from './partner-schema.ts'

const path = '/v1/partners/{partner}'
const answer = (description: string) => ({ description, schema: partnerSchema, headers: ['ETag'] }) as const

export function partnerRoutes({ people, store }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/partners',
      operationId: 'listPartners',
      tag: 'partners',
      summary: 'List the partners, with their keys but without secrets',
      role: 'admin',
      answers: {
        200: { description: 'Oldest first', schema: z.object({ partners: z.array(partnerSchema) }) },
      },
      problems: [],
      async handle() {
        return { status: 200, body: { partners: (await listPartners(people)).map(shownPartner) } }
      },
    }),
    route({
      method: 'post',
      path: '/v1/partners',
      operationId: 'createPartner',
      tag: 'partners',
      summary: 'Create a partner, which reads once it has a key',
      role: 'admin',
      body: partnerRequestSchema,
      answers: {
        201: { description: 'The partner', schema: partnerSchema, headers: ['ETag', 'Location'] },
      },
      problems: ['expires-in-past', 'unknown-feed'],
      async handle(call) {
        await refuseUnfit(store, people, call.body)
        const partner = await createPartner(people, actorOf(call), call.body)
        const { headers, ...created } = partnerAnswer(partner, 201)
        return { ...created, headers: { ...headers, Location: `/v1/partners/${partner.id}` } }
      },
    }),
    route({
      method: 'get',
      path,
      operationId: 'getPartner',
      tag: 'partners',
      summary: 'Read a partner',
      role: 'admin',
      answers: { 200: answer('The partner') },
      problems: ['no-such-partner'],
      async handle(call) {
        return partnerAnswer(await existing(people, call))
      },
    }),
    route({
      method: 'put',
      path,
      operationId: 'changePartner',
      tag: 'partners',
      summary: 'Set all settings of a partner',
      role: 'admin',
      body: partnerRequestSchema,
      ifMatch: 'required',
      answers: {
        200: answer('The settings hold from now on, for open streams too'),
        202: answer('The partner would read more: the settings wait for a second admin'),
      },
      problems: ['no-such-partner', 'stale-version', 'expires-in-past', 'unknown-feed'],
      async handle(call) {
        await refuseUnfit(store, people, call.body)
        const seen = seenVersion(call.headers)
        const outcome = await changePartner(people, actorOf(call), idOf(call), seen, call.body)
        if (outcome === 'stale-version') throw await staleVersion(people, call)
        const partner = orProblem<Partner>(outcome)
        return partnerAnswer(partner, partner.proposal ? 202 : 200)
      },
    }),
    route({
      method: 'post',
      path: `${path}/approve`,
      operationId: 'approvePartner',
      tag: 'partners',
      summary: 'Approve the settings and keys of a partner that wait for a second admin',
      role: 'admin',
      ifMatch: 'required',
      answers: { 200: answer('The settings and keys are valid') },
      problems: ['no-such-partner', 'stale-version', 'nothing-to-approve', 'self-approval'],
      async handle(call) {
        const outcome = await approvePartner(people, actorOf(call), idOf(call), seenVersion(call.headers))
        const current = async () => shownPartner(await existing(people, call))
        return partnerAnswer(await approvedOrProblem<Partner>(people, call, outcome, current))
      },
    }),
    route({
      method: 'delete',
      path,
      operationId: 'deletePartner',
      tag: 'partners',
      summary: 'Delete a partner with its keys; its open streams end',
      role: 'admin',
      answers: { 204: { description: 'Deleted; no key of it is valid any more' } },
      problems: ['no-such-partner'],
      async handle(call) {
        const outcome = await deletePartner(people, actorOf(call), idOf(call))
        if (outcome !== 'deleted') throw new Problem(outcome)
        return { status: 204 }
      },
    }),
  ]
}

export function idOf({ params }: Call<unknown>): string {
  return params.partner ?? ''
}

/** Errors: Problem, UnavailableError. */
export async function existing(people: People, call: Call<unknown>): Promise<Partner> {
  const partner = await readPartner(people, idOf(call))
  if (!partner) throw new Problem('no-such-partner')
  return partner
}

export async function staleVersion(people: People, call: Call<unknown>): Promise<Problem> {
  return new Problem('stale-version', { extra: { current: shownPartner(await existing(people, call)) } })
}

/** A feed that is created later would be read by a partner that nobody has thought of. Errors: Problem. */
async function refuseUnfit(
  store: Store,
  { clock }: People,
  { feeds, expiresAt }: PartnerSettings,
): Promise<void> {
  if (expiresAt !== undefined && Date.parse(expiresAt) <= clock()) throw new Problem('expires-in-past')
  const exists = async (feed: string) => feed === '*' || feedExists(store, feed)
  const found = await Promise.all(feeds.map(exists))
  const errors = feeds.flatMap((_, index) =>
    found[index] === true ? [] : [{ field: `/feeds/${index}`, message: 'there is no such feed' }],
  )
  if (errors.length > 0) throw new Problem('unknown-feed', { extra: { errors } })
}
