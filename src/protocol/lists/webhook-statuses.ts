/**
 * - `on`: events are delivered.
 * - `paused`: deliveries failed too often; an admin enables the webhook again.
 * - `disabled`: its server has answered 410: it wants no more.
 * - `waits`: a second admin has not approved the webhook.
 * - `ended`: the partner may not read the feed any more, or has expired.
 */
export const webhookStatuses = ['on', 'paused', 'disabled', 'waits', 'ended'] as const
export type WebhookStatus = (typeof webhookStatuses)[number]
