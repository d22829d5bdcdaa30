import { partnersOn, type TestPartner } from './partners.ts'
import { eventually } from './eventually.ts'
import type { System } from './system.ts'

export interface ShownWebhook {
  readonly id: string
  readonly status: string
  readonly secret: string
  readonly position: string
  readonly delivered: number
  readonly failures: number
  readonly failingSince?: string
  readonly nextTryAt?: string
  readonly keys: readonly { readonly publicKey: string; readonly until?: string }[]
  readonly last?: { readonly outcome: string; readonly fault?: string; readonly status?: number }
}

export interface ShownDelivery {
  readonly message: string
  readonly type: string
  readonly outcome: string
  readonly fault?: string
  readonly status?: number
  readonly detail?: string
}

/** Calls of an admin about webhooks. */
export function webhooksOn(system: System) {
  const partners = partnersOn(system)
  async function call<Body>(method: string, path: string, body?: object): Promise<Body> {
    const answer = await fetch(`${system.url}${path}`, {
      method,
      headers: system.authorization,
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text || '{}') as Body
  }
  const pathOf = ({ id }: TestPartner) => `/v1/partners/${id}/webhooks`
  return {
    partners,
    call,
    make: (partner: TestPartner, url: string, feed = 'en') =>
      call<ShownWebhook>('POST', pathOf(partner), { feed, url }),
    read: (partner: TestPartner, { id }: ShownWebhook) =>
      call<ShownWebhook>('GET', `${pathOf(partner)}/${id}`),
    act: (partner: TestPartner, { id }: ShownWebhook, act: string, body?: object) =>
      call<ShownWebhook>('POST', `${pathOf(partner)}/${id}/${act}`, body),
    remove: (partner: TestPartner, { id }: ShownWebhook) => call('DELETE', `${pathOf(partner)}/${id}`),
    deliveries: async (partner: TestPartner, { id }: ShownWebhook) =>
      (await call<{ deliveries: readonly ShownDelivery[] }>('GET', `${pathOf(partner)}/${id}/deliveries`))
        .deliveries,
    /** Waits until the webhook is shown like this. */
    until(partner: TestPartner, webhook: ShownWebhook, wanted: Partial<ShownWebhook>) {
      return eventually(`the webhook is ${JSON.stringify(wanted)}`, 20_000, async () => {
        const shown = await this.read(partner, webhook)
        const holds = Object.entries(wanted).every(
          ([name, value]) => shown[name as keyof ShownWebhook] === value,
        )
        return holds && shown
      })
    },
  }
}
