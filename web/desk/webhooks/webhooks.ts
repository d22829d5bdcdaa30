/** A webhook as the API answers it to admins, as far as the desk shows it. */
export interface Webhook {
  readonly id: string
  readonly feed: string
  readonly url: string
  readonly by: string
  readonly status: WebhookStatus
  readonly delivered: number
  readonly failures: number
  readonly nextTryAt?: string
  readonly last?: Delivery
}

export type WebhookStatus = 'on' | 'paused' | 'disabled' | 'waits' | 'ended'

export interface Webhooks {
  readonly webhooks: readonly Webhook[]
  /** Version of the partner. */
  readonly version: number
}

/** A new secret, which no other answer has. */
export interface IssuedWebhook extends Webhook {
  readonly secret: string
}

/** One try. */
export interface Delivery {
  readonly message: string
  readonly type: string
  readonly at: string
  readonly position?: string
  readonly outcome: 'delivered' | 'failed'
  readonly fault?: DeliveryFault
  readonly status?: number
  readonly ms: number
}

export type DeliveryFault =
  'refused-address' | 'unreachable' | 'time-out' | 'redirect' | 'gone' | 'bad-answer' | 'overtaken'

/** A webhook of a feed as editors see it. */
export interface FeedWebhook {
  readonly id: string
  readonly name: string
  readonly contact: string
  readonly host: string
  readonly status: WebhookStatus
  readonly failures: number
  readonly failingSince?: string
  readonly last?: Delivery
}

/** A withdrawal, with the partners that have not acknowledged it. */
export interface Recall {
  readonly headline: string
  readonly withdrawnAt: string
  readonly acknowledged: readonly { readonly partner: string }[]
  readonly missing: readonly {
    readonly partner: string
    readonly name: string
    readonly contact: string
    readonly ageMs: number
  }[]
}
