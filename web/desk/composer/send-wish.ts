import type { ApiClient, Outcome } from '../platform/api-client.ts'
import type { DoneAct } from '../results/done-act.ts'
import type { Step, Wish } from './wish.ts'

/** The answer of the API to a step. */
export interface ChangeAnswer {
  readonly headline: { readonly id: string; readonly version: number; readonly status: DoneAct['status'] }
  readonly position: string | null
  readonly releaseAt?: string
}

export interface Sent {
  readonly outcome: Outcome<ChangeAnswer>
  /** The version that the steps have made which were done. */
  readonly version: number | undefined
}

export interface Target {
  readonly feed: string
  /** The line that is open; undefined for a new one. */
  readonly id: string | undefined
  readonly key: string
  /** Release it although another line has the same text. */
  readonly force: boolean
}

/** Sends the steps of a wish one after the other, each under a key of its own, until one is refused. */
export async function sendWish(api: ApiClient, { steps }: Wish, target: Target): Promise<Sent> {
  let sent: Sent = { outcome: nothingToSend, version: undefined }
  for (const [index, step] of steps.entries()) {
    const version = step.version ?? sent.version
    const outcome = await api.call<ChangeAnswer>(pathOf(step, target), {
      method: 'POST',
      headers: {
        'Idempotency-Key': steps.length === 1 ? target.key : `${target.key}-${index}`,
        ...(step.act !== 'post' && version !== undefined && { 'If-Match': `"${version}"` }),
      },
      body: step.body,
    })
    if (outcome.kind === 'refused') return { outcome, version: sent.version }
    sent = { outcome, version: outcome.body.headline.version }
  }
  return sent
}

const nothingToSend = { kind: 'refused', refusal: { status: 0, code: 'nothing-changed' } } as const

function pathOf({ act }: Step, { feed, id = '', force }: Target): string {
  const path = `/v1/feeds/${feed}/headlines`
  const canForce = act === 'post' || act === 'release' || act === 'schedule'
  return `${path}${act === 'post' ? '' : `/${id}/${act}`}${force && canForce ? '?force=true' : ''}`
}
