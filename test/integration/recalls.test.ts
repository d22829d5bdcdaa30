import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { bearer } from '../support/partners.ts'
import { startSystem, type System } from '../support/system.ts'
import { ok, startReceiver, status, type Receiver } from '../support/webhook-receiver.ts'
import { webhooksOn } from '../support/webhooks.ts'

let system: System
let hooks: ReturnType<typeof webhooksOn>
let receiver: Receiver

beforeAll(async () => {
  system = await startSystem({ WEBHOOK_ALLOW_ADDRESSES: '127.0.0.1' })
  hooks = webhooksOn(system)
  receiver = await startReceiver()
})
afterAll(async () => {
  await receiver.close()
  await system.close()
})

interface Recall {
  readonly headline: string
  readonly acknowledged: readonly { readonly partner: string; readonly by: string; readonly at: string }[]
  readonly missing: readonly { readonly partner: string; readonly contact: string; readonly ageMs: number }[]
}
interface Receipt {
  readonly releases: readonly {
    readonly op: string
    readonly recall?: { readonly partners: number; readonly acknowledged: number; readonly missing: object[] }
  }[]
}

const recallsOf = async (feed: string, query = '') =>
  (await hooks.call<{ recalls: readonly Recall[] }>('GET', `/v1/feeds/${feed}/recalls${query}`)).recalls

async function acknowledge(feed: string, headline: string, key: string) {
  const path = `${system.url}/v1/feeds/${feed}/recalls/${headline}/ack`
  const answer = await fetch(path, { method: 'POST', headers: bearer(key) })
  return { status: answer.status, body: (await answer.json()) as { code?: string; at?: string } }
}

describe('a recall', () => {
  it('is acknowledged by the answer of a webhook or by a request, and shows who has not', async () => {
    await system.createFeed({ id: 'wire', lang: 'en', visibility: 'partners' })
    const [byHook, byRequest, silent] = [
      await hooks.partners.make(['wire'], { name: 'Hook' }),
      await hooks.partners.make(['wire'], { name: 'Request' }),
      await hooks.partners.make(['*'], { name: 'Silent', contact: 'night@silent.example' }),
    ]
    const output = await hooks.partners.make(['wire'], { name: 'Studio', onAir: true })
    const elsewhere = await hooks.partners.make(['en'])
    receiver.answer(status(500))
    const webhook = await hooks.make(byHook, receiver.url, 'wire')
    const [one] = await system.publish('wire', ['Wrong'])
    if (!one) throw new Error('nothing is released')
    const { id } = one.headline
    expect(await acknowledge('wire', id, byRequest.key)).toMatchObject({
      status: 404,
      body: { code: 'no-such-recall' },
    })
    await hooks.until(byHook, webhook, { failures: 1 })
    await system.withdraw('wire', one.headline, { note: 'Not so.' })
    expect(output.key).toMatch(/^fo_/)
    const later = await hooks.partners.make(['wire'], { name: 'Later' })
    const [open] = await recallsOf('wire')
    expect(open).toMatchObject({ headline: id, acknowledged: [] })
    expect(open?.missing.map(({ partner }) => partner).sort()).toEqual(
      [byHook.id, byRequest.id, silent.id].sort(),
    )

    receiver.answer(ok)
    const first = await acknowledge('wire', id, byRequest.key)
    expect(first.status).toBe(200)
    expect(await acknowledge('wire', id, byRequest.key)).toEqual(first)
    const settled = await eventually('the webhook has acknowledged', 20_000, async () => {
      const [recall] = await recallsOf('wire', '?only=missing')
      return recall?.acknowledged.length === 2 && recall
    })
    const ways = settled.acknowledged.map(({ partner, by }) => [partner, by])
    expect(new Map(ways as [string, string][])).toEqual(
      new Map([
        [byHook.id, 'webhook'],
        [byRequest.id, 'request'],
      ]),
    )
    expect(settled.missing).toMatchObject([{ partner: silent.id, contact: 'night@silent.example' }])
    expect(settled.missing[0]?.ageMs).toBeGreaterThan(0)
    const recalled = receiver.received.find(({ type }) => type === 'headline.recall')
    expect(recalled?.data.ack).toBe(`/v1/feeds/wire/recalls/${id}/ack`)

    const { releases } = await hooks.call<Receipt>('GET', `/v1/feeds/wire/headlines/${id}/receipt`)
    expect(releases.map(({ op, recall }) => [op, recall])).toEqual([
      ['publish', undefined],
      ['withdraw', { partners: 3, acknowledged: 2, missing: [{ partner: silent.id, name: 'Silent' }] }],
    ])
    expect((await acknowledge('wire', id, elsewhere.key)).body.code).toBe('no-such-feed')
    expect((await acknowledge('wire', id, later.key)).status).toBe(200)
    await acknowledge('wire', id, silent.key)
    expect(await recallsOf('wire', '?only=missing')).toEqual([])
    expect((await acknowledge('wire', id, 'no key')).status).toBe(401)
  }, 40_000)
})
