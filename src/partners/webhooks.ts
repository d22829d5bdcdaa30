import { exportJWK, generateKeyPair } from 'jose'
import { readFeed } from '../eventlog/feeds/feeds.ts'
import { readLogBounds } from '../eventlog/log-bounds.ts'
import { readTime } from '../eventlog/store/read-time.ts'
import { forgetWebhook } from '../eventlog/webhooks/webhook-state.ts'
import type { WebhookAccess } from '../eventlog/webhooks/webhook-access.ts'
import type { People } from '../people/people.ts'
import { actBy, type Actor } from '../people/principal.ts'
import type { Partner } from './partner.ts'
import { changed } from './partners.ts'
import { mayRead } from './webhook-access-of.ts'
import type { StoredWebhook } from './stored-webhook.ts'

/** One for each of its feeds, and some that are being tried. */
const MAX_WEBHOOKS = 50

export type WebhookRefusal = 'no-such-partner' | 'no-such-webhook'

export interface ChangedWebhook {
  readonly partner: Partner
  readonly webhook: StoredWebhook
}

/**
 * Makes a webhook of a real feed, which begins at its newest event. Where the two-person rule is on in the feed, it waits
 * for a second admin.
 */
export async function createWebhook(
  people: People,
  actor: Actor,
  partnerId: string,
  { feed, url }: { readonly feed: string; readonly url: string },
): Promise<ChangedWebhook | 'no-such-partner' | 'no-such-feed' | 'drill' | 'too-many-webhooks'> {
  // A message says nothing of a drill: its receiver would take it for news.
  if ((await readFeed(people.store, feed))?.drill) return 'drill'
  const head = (await readLogBounds(people.store, feed))?.head
  if (!head) return 'no-such-feed'
  const id = people.ids.id()
  const key = await newKey()
  const position = `${head.epoch}:${head.seq}`
  const outcome = await changed<'no-such-feed' | 'too-many-webhooks'>(people, partnerId, async (partner) => {
    if (!mayRead(partner, { feed })) return 'no-such-feed'
    if (partner.webhooks.length >= MAX_WEBHOOKS) return 'too-many-webhooks'
    const createdAt = new Date(await readTime(people.store)).toISOString()
    const webhook: StoredWebhook = {
      ...{ id, feed, url, createdAt, by: actor.person, keys: [key] },
      ...{ enabled: 0, pinged: 0, replay: { number: 1, position } },
      ...((await people.twoPersonRuleIn([feed])) && { waitsFor: 'approval' as const }),
    }
    const detail = { partner: partnerId, webhook: id, feed, url }
    return {
      after: { ...partner, webhooks: [...partner.webhooks, webhook] },
      audit: { action: 'webhook-made', act: actBy(actor), detail },
    }
  })
  return typeof outcome === 'string' ? outcome : found(outcome, id)
}

/**
 * Sets the address. Where the two-person rule is on in the feed, another address waits for a second admin, and nothing is
 * delivered meanwhile.
 */
export function changeWebhook(
  people: People,
  actor: Actor,
  partnerId: string,
  id: string,
  seenVersion: number,
  url: string,
): Promise<ChangedWebhook | WebhookRefusal | 'stale-version'> {
  return changedWebhook<'stale-version'>(people, actor, partnerId, id, async (webhook, partner) => {
    if (partner.version !== seenVersion) return 'stale-version'
    const isOther = url !== webhook.url
    const waits = isOther && (await people.twoPersonRuleIn([webhook.feed]))
    return {
      after: {
        ...webhook,
        url,
        ...(isOther && { by: actor.person, enabled: webhook.enabled + 1 }),
        ...(waits && { waitsFor: 'approval' as const }),
      },
      action: 'webhook-changed',
      detail: { before: webhook.url, after: url },
    }
  })
}

export async function deleteWebhook(
  people: People,
  actor: Actor,
  partnerId: string,
  id: string,
): Promise<'deleted' | WebhookRefusal> {
  const outcome = await changed<'no-such-webhook'>(people, partnerId, (partner) => {
    const webhook = partner.webhooks.find((each) => each.id === id)
    if (!webhook) return 'no-such-webhook'
    const { feed, url } = webhook
    return {
      after: { ...partner, webhooks: partner.webhooks.filter((each) => each !== webhook) },
      audit: {
        action: 'webhook-deleted',
        act: actBy(actor),
        detail: { partner: partnerId, webhook: id, feed, url },
      },
    }
  })
  if (typeof outcome === 'string') return outcome
  await forgetWebhook(people.store, id)
  return 'deleted'
}

/** Makes a secret and a key pair; the older ones sign beside them for `overlapS` seconds. */
export async function rotateWebhookKey(
  people: People,
  actor: Actor,
  partnerId: string,
  id: string,
  overlapS: number,
): Promise<ChangedWebhook | WebhookRefusal> {
  const key = await newKey()
  const now = await readTime(people.store)
  const end = (until: string | undefined) =>
    Math.min(now + overlapS * 1_000, until === undefined ? Infinity : Date.parse(until))
  return changedWebhook<never>(people, actor, partnerId, id, (webhook) => {
    const older = webhook.keys
      .filter(({ until }) => until === undefined || Date.parse(until) > now)
      // More signatures than these would make the headers too long for some servers.
      .slice(0, 2)
      .map((each) => ({ ...each, until: new Date(end(each.until)).toISOString() }))
    return {
      after: { ...webhook, keys: [key, ...older] },
      action: 'webhook-key-rotated',
      detail: { overlapS },
    }
  })
}

/** Begins deliveries again after it was paused or disabled, from where they stopped. */
export function enableWebhook(people: People, actor: Actor, partnerId: string, id: string) {
  return changedWebhook<never>(people, actor, partnerId, id, (webhook) => ({
    after: { ...webhook, enabled: webhook.enabled + 1 },
    action: 'webhook-enabled',
  }))
}

/** Asks a worker for a message that tests the endpoint, also while the webhook is paused. */
export function pingWebhook(people: People, actor: Actor, partnerId: string, id: string) {
  return changedWebhook<never>(people, actor, partnerId, id, (webhook) => ({
    after: { ...webhook, pinged: webhook.pinged + 1 },
    action: 'webhook-pinged',
  }))
}

/** Delivers again everything after a position of its feed. */
export function replayWebhook(
  people: People,
  actor: Actor,
  partnerId: string,
  id: string,
  positionIn: (feed: string) => Promise<string | undefined>,
): Promise<ChangedWebhook | WebhookRefusal | 'invalid-position'> {
  return changedWebhook<'invalid-position'>(people, actor, partnerId, id, async (webhook) => {
    const position = await positionIn(webhook.feed)
    if (position === undefined) return 'invalid-position'
    const number = webhook.replay.number + 1
    return {
      after: { ...webhook, replay: { number, position } },
      action: 'webhook-replayed',
      detail: { position },
    }
  })
}

interface NextWebhook {
  readonly after: StoredWebhook
  readonly action: string
  readonly detail?: object
}

async function changedWebhook<Refusal extends string>(
  people: People,
  actor: Actor,
  partnerId: string,
  id: string,
  next: (webhook: StoredWebhook, partner: Partner) => NextWebhook | Refusal | Promise<NextWebhook | Refusal>,
): Promise<ChangedWebhook | WebhookRefusal | Refusal> {
  const outcome = await changed<Refusal | 'no-such-webhook'>(people, partnerId, async (partner) => {
    const webhook = partner.webhooks.find((each) => each.id === id)
    if (!webhook) return 'no-such-webhook'
    const planned = await next(webhook, partner)
    if (typeof planned === 'string') return planned
    const webhooks = partner.webhooks.map((each) => (each === webhook ? planned.after : each))
    const detail = { partner: partnerId, webhook: id, ...planned.detail }
    return { after: { ...partner, webhooks }, audit: { action: planned.action, act: actBy(actor), detail } }
  })
  return typeof outcome === 'string' ? outcome : found(outcome, id)
}

function found(partner: Partner, id: string): ChangedWebhook {
  const webhook = partner.webhooks.find((each) => each.id === id)
  if (!webhook) throw new Error('the webhook is not in its partner')
  return { partner, webhook }
}

/** A secret of 256 bits and an Ed25519 key pair. */
async function newKey(): Promise<WebhookAccess['keys'][number]> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const { x = '', d = '' } = await exportJWK(privateKey)
  const random = crypto.getRandomValues(new Uint8Array(32))
  return { secret: `whsec_${Buffer.from(random).toString('base64')}`, x, d }
}
