import { z } from 'zod'
import { isInLog, positionBefore } from '../../eventlog/log-bounds.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { readDeliveries } from '../../eventlog/webhooks/webhook-deliveries.ts'
import { readWebhookStates } from '../../eventlog/webhooks/webhook-state.ts'
import type { Partner } from '../../partners/partner.ts'
import { shownWebhook } from '../../partners/shown-webhook.ts'
import type { StoredWebhook } from '../../partners/stored-webhook.ts'
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  enableWebhook,
  pingWebhook,
  replayWebhook,
  rotateWebhookKey,
  type ChangedWebhook,
} from '../../partners/webhooks.ts'
import { formatPosition, parsePosition } from '../../protocol/position.ts'
import {
  webhookChangeSchema,
  webhookReplaySchema,
  webhookRequestSchema,
  webhookRotationSchema,
  type WebhookReplay,
} from '../../protocol/webhook-requests.ts'
import { Problem } from '../../platform/problem.ts'
import type { Answer } from '../http/answer.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { etagOf, seenVersion } from '../http/conditions.ts'
import { readQuery } from '../http/read-query.ts'
import { actorOf, route, type Call, type Route } from '../http/route.ts'
import { orProblem } from '../people/or-problem.ts'
import { existing, idOf, staleVersion } from './partner-routes.ts'
import { issuedWebhookSchema, shownDeliverySchema, webhookSchema } from './webhook-schema.ts'

const all = '/v1/partners/{partner}/webhooks'
const one = `${all}/{webhook}`
const answer = (description: string) => ({ description, schema: webhookSchema, headers: ['ETag'] }) as const
const issued = (description: string) =>
  ({ description, schema: issuedWebhookSchema, headers: ['ETag'] }) as const
const missing = ['no-such-partner', 'no-such-webhook'] as const

const deliveriesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('Newest tries, at most 500'),
})

export function webhookRoutes({ people, store }: ApiDeps): Route[] {
  /** An act on one webhook, and its answer. */
  const act = async (outcome: Promise<unknown>) => shown(store, orProblem(await outcome) as ChangedWebhook)
  return [
    route({
      method: 'get',
      path: all,
      operationId: 'listWebhooks',
      tag: 'partners',
      summary: 'List the webhooks of a partner with the state of their deliveries',
      role: 'admin',
      answers: {
        200: {
          description: 'Oldest first. `ETag` is the version of the partner',
          schema: z.object({ webhooks: z.array(webhookSchema), version: z.int() }),
          headers: ['ETag'],
        },
      },
      problems: ['no-such-partner'],
      async handle(call) {
        const partner = await existing(people, call)
        const webhooks = await withStates(store, partner, partner.webhooks)
        const { version } = partner
        return { status: 200, headers: { ETag: etagOf(version) }, body: { webhooks, version } }
      },
    }),
    route({
      method: 'post',
      path: all,
      operationId: 'createWebhook',
      tag: 'partners',
      summary: "Deliver a feed's events to a server of the partner, from the next event on",
      role: 'admin',
      body: webhookRequestSchema,
      answers: { 201: issued('The webhook with its secret; `waits` where a second admin must approve it') },
      problems: ['no-such-partner', 'no-such-feed', 'too-many-webhooks'],
      async handle(call) {
        const outcome = await createWebhook(people, actorOf(call), idOf(call), call.body)
        if (outcome === 'drill')
          throw new Problem('no-such-feed', { extra: { detail: 'A drill is delivered to no webhook.' } })
        const made = orProblem<ChangedWebhook>(outcome)
        return withSecret(await shown(store, made, 201), made)
      },
    }),
    route({
      method: 'get',
      path: one,
      operationId: 'getWebhook',
      tag: 'partners',
      summary: 'Read a webhook',
      role: 'admin',
      answers: { 200: answer('The webhook. `ETag` is the version of the partner') },
      problems: missing,
      async handle(call) {
        return shown(store, await existingWebhook(call))
      },
    }),
    route({
      method: 'put',
      path: one,
      operationId: 'changeWebhook',
      tag: 'partners',
      summary: 'Set the address of a webhook; its deliveries go on from where they are',
      role: 'admin',
      body: webhookChangeSchema,
      ifMatch: 'required',
      answers: {
        200: answer('The address holds from now on'),
        202: answer('The address waits for a second admin; nothing is delivered meanwhile'),
      },
      problems: [...missing, 'stale-version'],
      async handle(call) {
        const seen = seenVersion(call.headers)
        const outcome = await changeWebhook(
          people,
          actorOf(call),
          idOf(call),
          hookOf(call),
          seen,
          call.body.url,
        )
        if (outcome === 'stale-version') throw await staleVersion(people, call)
        const made = orProblem<ChangedWebhook>(outcome)
        return shown(store, made, made.webhook.waitsFor ? 202 : 200)
      },
    }),
    route({
      method: 'delete',
      path: one,
      operationId: 'deleteWebhook',
      tag: 'partners',
      summary: 'Delete a webhook with its delivery log',
      role: 'admin',
      answers: { 204: { description: 'Deleted; nothing is delivered any more' } },
      problems: missing,
      async handle(call) {
        const outcome = await deleteWebhook(people, actorOf(call), idOf(call), hookOf(call))
        if (outcome !== 'deleted') throw new Problem(outcome)
        return { status: 204 }
      },
    }),
    route({
      method: 'post',
      path: `${one}/rotate`,
      operationId: 'rotateWebhookSecret',
      tag: 'partners',
      summary: 'Make a secret and a key pair; the older ones sign beside them for a while',
      role: 'admin',
      body: webhookRotationSchema,
      answers: { 201: issued('The webhook with its new secret') },
      problems: missing,
      async handle(call) {
        const { overlapS } = call.body
        const outcome = await rotateWebhookKey(people, actorOf(call), idOf(call), hookOf(call), overlapS)
        const made = orProblem<ChangedWebhook>(outcome)
        return withSecret(await shown(store, made, 201), made)
      },
    }),
    route({
      method: 'post',
      path: `${one}/ping`,
      operationId: 'pingWebhook',
      tag: 'partners',
      summary: 'Send a message that tests the endpoint, once; its result is in the deliveries',
      role: 'admin',
      answers: { 202: answer('A worker sends it') },
      problems: missing,
      async handle(call) {
        return { ...(await act(pingWebhook(people, actorOf(call), idOf(call), hookOf(call)))), status: 202 }
      },
    }),
    route({
      method: 'post',
      path: `${one}/enable`,
      operationId: 'enableWebhook',
      tag: 'partners',
      summary: 'Deliver again after a webhook was paused or disabled, or at once while it waits for a retry',
      role: 'admin',
      answers: { 200: answer('Deliveries go on from where they stopped') },
      problems: missing,
      async handle(call) {
        return act(enableWebhook(people, actorOf(call), idOf(call), hookOf(call)))
      },
    }),
    route({
      method: 'post',
      path: `${one}/replay`,
      operationId: 'replayWebhook',
      tag: 'partners',
      summary: 'Deliver again from a position or a time on, under new message ids',
      role: 'admin',
      body: webhookReplaySchema,
      answers: { 200: answer('Deliveries go on from `position`') },
      problems: [...missing, 'invalid-position'],
      async handle(call) {
        const from = (feed: string) => replayFrom(store, feed, call.body)
        const outcome = await replayWebhook(people, actorOf(call), idOf(call), hookOf(call), from)
        if (outcome === 'invalid-position') throw notInLog()
        return act(Promise.resolve(outcome))
      },
    }),
    route({
      method: 'get',
      path: `${one}/deliveries`,
      operationId: 'listWebhookDeliveries',
      tag: 'partners',
      summary: 'List the newest tries to deliver, with the answers; about 500 are kept',
      role: 'admin',
      query: deliveriesQuery,
      answers: {
        200: {
          description: 'Newest first',
          schema: z.object({ deliveries: z.array(shownDeliverySchema) }),
        },
      },
      problems: [...missing, 'invalid-query'],
      async handle(call) {
        const { limit } = readQuery(deliveriesQuery, call)
        const { webhook } = await existingWebhook(call)
        return { status: 200, body: { deliveries: await readDeliveries(store, webhook.id, limit) } }
      },
    }),
  ]

  async function existingWebhook(call: Call<unknown>): Promise<ChangedWebhook> {
    const partner = await existing(people, call)
    const webhook = partner.webhooks.find(({ id }) => id === hookOf(call))
    if (!webhook) throw new Problem('no-such-webhook')
    return { partner, webhook }
  }
}

function hookOf({ params }: Call<unknown>): string {
  return params.webhook ?? ''
}

async function shown(store: Store, { partner, webhook }: ChangedWebhook, status = 200): Promise<Answer> {
  const [body] = await withStates(store, partner, [webhook])
  return { status, headers: { ETag: etagOf(partner.version) }, body }
}

function withSecret(answer: Answer, { webhook: { keys } }: ChangedWebhook): Answer {
  return { ...answer, body: { ...(answer.body as object), secret: keys[0]?.secret } }
}

async function withStates(store: Store, partner: Partner, webhooks: readonly StoredWebhook[]) {
  const ids = webhooks.map(({ id }) => id)
  const [now, states] = await Promise.all([readTime(store), readWebhookStates(store, ids)])
  return webhooks.map((webhook, index) => shownWebhook(partner, webhook, states[index], now))
}

function notInLog(): Problem {
  const errors = [
    { field: '/after', message: 'the log of the feed, as it is now, does not have this position' },
  ]
  return new Problem('invalid-position', { extra: { detail: '`errors` names the field.', errors } })
}

/** The position after which deliveries begin again; it must be of the feed's present history. */
async function replayFrom(
  store: Store,
  feed: string,
  { after, since }: WebhookReplay,
): Promise<string | undefined> {
  if (since !== undefined) return positionBefore(store, feed, Date.parse(since))
  const wanted = parsePosition(after ?? '')
  return wanted && (await isInLog(store, feed, wanted)) ? formatPosition(wanted) : undefined
}
