import type { WebhookAccess } from '../eventlog/webhooks/webhook-access.ts'
import type { Partner } from './partner.ts'
import type { StoredWebhook } from './stored-webhook.ts'

/** The part of the partner's webhooks that workers read: those that are approved, in feeds that the partner may read. */
export function webhookAccessOf(partner: Partner): WebhookAccess[] {
  const { id: partnerId, settings } = partner
  const { filter, expiresAt } = settings
  return partner.webhooks
    .filter((webhook) => webhook.waitsFor === undefined && mayRead(partner, webhook))
    .map(({ id, feed, url, keys, enabled, pinged, replay }) => ({
      ...{ id, partner: partnerId, feed, url, filter, keys, enabled, pinged, replay },
      ...(expiresAt !== undefined && { expiresAt }),
    }))
}

export function mayRead({ settings: { feeds } }: Partner, { feed }: Pick<StoredWebhook, 'feed'>): boolean {
  return feeds.includes('*') || feeds.includes(feed)
}
