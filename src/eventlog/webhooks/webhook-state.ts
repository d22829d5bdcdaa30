import { z } from 'zod'
import type { Store } from '../store/store.ts'
import { answered, classified } from '../store/scripts.ts'
import { ACKS_KEPT_MS, type Acknowledgement } from './recall-acks.ts'
import type { Delivery } from './webhook-deliveries.ts'

/** Entries of the delivery log that are kept, about. */
const MOST_DELIVERIES = 500

const number = z.coerce.number().default(0)

/** How far the deliveries of a webhook have come. */
const webhookStateSchema = z.object({
  /** Everything up to this position is delivered or was superseded; missing before the first run. */
  position: z.string().optional(),
  /** Holds and withdrawals up to this seq are delivered: they go before everything else. */
  recalled: number,
  /** The newest hold or withdrawal that was tried. */
  tried: number,
  status: z.enum(['on', 'paused', 'disabled']).default('on'),
  /** Failures in a row, since `failingSince`. */
  failures: number,
  failingSince: z.string().default(''),
  next: number,
  /** `1`: the endpoint has not answered in time. */
  slow: z.string().default(''),
  delivered: number,
  /** Acts of admins that are done (`enabled:pinged:replay`). */
  done: z.string().default(''),
  /** The last delivery (JSON). */
  last: z.string().default(''),
})
export type WebhookState = z.output<typeof webhookStateSchema>

/** One webhook that may have something to do. */
export interface ClaimWish {
  readonly id: string
  readonly stamp: string
  /** Position of its feed's newest event. */
  readonly head: string
  /** Seq of the newest hold or withdrawal that the worker knows; 0 for none. */
  readonly removal: number
}

export interface Claim {
  readonly outcome: 'claimed' | 'held' | 'stopped' | 'idle' | 'waits'
  readonly waitMs: number
  readonly state: WebhookState
}

/** Leases those that have something to do. The answers have the order of the wishes. Errors: UnavailableError. */
export async function claimWebhooks(
  store: Store,
  worker: string,
  leaseMs: number,
  wishes: readonly ClaimWish[],
): Promise<{ now: number; claims: Claim[] }> {
  const [now, ...answers] = (await store.scripts['claim-webhooks'](
    wishes.map(({ id }) => store.keys.webhooks.state(id)),
    [worker, leaseMs, ...wishes.flatMap(({ stamp, head, removal }) => [stamp, head, removal])],
  )) as [number, ...[Claim['outcome'], number, string[]][]]
  const claims = answers.map(([outcome, waitMs, fields]) => ({
    outcome,
    waitMs,
    state: stateOf(pairs(fields)),
  }))
  return { now, claims }
}

export interface Settlement {
  readonly state: Partial<Record<keyof WebhookState, string | number>>
  /** The worker goes on with this webhook for so long at most; 0: it is free. */
  readonly leaseMs: number
  /** Wait before the next try. */
  readonly nextMs?: number | undefined
  readonly delivery?: Delivery | undefined
  /** A recall that the partner's server has taken. */
  readonly ack?:
    | {
        readonly feed: string
        readonly headline: string
        readonly partner: string
        readonly by: Acknowledgement
      }
    | undefined
}

/** `lost`: another worker has the webhook, or it was deleted. Errors: UnavailableError. */
export async function settleWebhook(
  { scripts, keys: { webhooks } }: Store,
  worker: string,
  id: string,
  { state, leaseMs, nextMs, delivery, ack }: Settlement,
): Promise<'kept' | 'lost'> {
  const outcome = await scripts['settle-webhook'](
    [webhooks.state(id), webhooks.deliveries(id), webhooks.acks(ack ? `${ack.feed}:${ack.headline}` : id)],
    [
      worker,
      leaseMs,
      nextMs === undefined ? '' : Math.ceil(nextMs),
      delivery ? JSON.stringify(delivery) : '',
      MOST_DELIVERIES,
      ack?.partner ?? '',
      ack ? JSON.stringify(ack.by) : '',
      ACKS_KEPT_MS,
      ...Object.entries(state).flat(),
    ],
  )
  return outcome as 'kept' | 'lost'
}

/** The states of webhooks, in the order of the ids. Errors: UnavailableError. */
export async function readWebhookStates(
  { redis, keys, faults }: Store,
  ids: readonly string[],
): Promise<(WebhookState | undefined)[]> {
  if (ids.length === 0) return []
  const batch = redis.pipeline()
  for (const id of ids) batch.hgetall(keys.webhooks.state(id))
  const replies = (await answered(batch.exec())) ?? []
  return replies.map(([error, fields], index) => {
    if (error) throw classified(error)
    return faults.read(keys.webhooks.state(ids[index] ?? ''), () => stateOf(fields as Record<string, string>))
  })
}

/** Removes what is stored of a deleted webhook. Errors: UnavailableError. */
export async function forgetWebhook({ redis, keys: { webhooks } }: Store, id: string): Promise<void> {
  await answered(redis.unlink(webhooks.state(id), webhooks.deliveries(id)))
}

function stateOf(fields: Readonly<Record<string, string>>): WebhookState {
  return webhookStateSchema.parse(fields)
}

function pairs(flat: readonly string[]): Record<string, string> {
  const entries = flat.flatMap((field, at) => (at % 2 === 0 ? [[field, flat[at + 1] ?? ''] as const] : []))
  return Object.fromEntries(entries)
}
