import type { WebhookState } from '../eventlog/webhooks/webhook-state.ts'
import type { WebhookStatus } from '../protocol/lists/webhook-statuses.ts'
import { publicKeyText } from '../webhooks/sign-message.ts'
import type { Partner } from './partner.ts'
import { mayRead } from './webhook-access-of.ts'
import type { StoredWebhook } from './stored-webhook.ts'

/** A webhook without its secrets, with the state of its deliveries. */
export function shownWebhook(
  partner: Partner,
  { id, feed, url, createdAt, by, keys, enabled, pinged, replay, waitsFor }: StoredWebhook,
  state: WebhookState | undefined,
  now: number,
) {
  const [enabledDone, pingedDone, replayDone] = (state?.done ?? '').split(':').map(Number)
  // The newest wish of an admin counts, although no worker has done it yet.
  const isAnew = enabled > (enabledDone ?? 0)
  const status = statusOf(partner, { feed, waitsFor }, isAnew ? 'on' : (state?.status ?? 'on'), now)
  const position =
    state?.position !== undefined && replay.number === replayDone ? state.position : replay.position
  return {
    ...{ id, feed, url, createdAt, by, status, position },
    ...(waitsFor && { waitsFor }),
    delivered: state?.delivered ?? 0,
    failures: isAnew ? 0 : (state?.failures ?? 0),
    ...(state && !isAnew && state.failures > 0 && { failingSince: state.failingSince }),
    ...(status === 'on' && state && state.next > now && { nextTryAt: new Date(state.next).toISOString() }),
    ...(pinged > (pingedDone ?? 0) && { pingWaits: true as const }),
    ...(state?.last ? { last: JSON.parse(state.last) as object } : {}),
    keys: keys
      .filter(({ until }) => until === undefined || Date.parse(until) > now)
      .map((key) => ({
        publicKey: publicKeyText(key),
        ...(key.until !== undefined && { until: key.until }),
      })),
  }
}

function statusOf(
  partner: Partner,
  webhook: Pick<StoredWebhook, 'feed' | 'waitsFor'>,
  status: WebhookStatus,
  now: number,
): WebhookStatus {
  const { expiresAt } = partner.settings
  if (webhook.waitsFor) return 'waits'
  const hasEnded = expiresAt !== undefined && Date.parse(expiresAt) <= now
  return hasEnded || !mayRead(partner, webhook) ? 'ended' : status
}
