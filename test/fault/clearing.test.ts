import { afterEach, expect, it } from '@jest/globals'
import { Cluster, editorKey } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import type { Release } from '../support/receipt.ts'
import { WsReader } from '../support/ws-reader.ts'

const headers = { Authorization: `Bearer ${editorKey}`, 'Content-Type': 'application/json' }
/** The api regards a gateway without a report for 15 s as dead. */
const LIMIT_MS = 30_000

let cluster: Cluster | undefined
const readers: WsReader[] = []
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.drop()
  await cluster?.close()
  cluster = undefined
})

it('counts each screen once when a gateway is killed and its readers go to another gateway', async () => {
  cluster = await Cluster.start({ gateways: 2 })
  const [api] = cluster.apis
  const [victim, survivor] = cluster.gateways
  const { id } = ((await post('/v1/feeds/en/headlines', { text: 'Wrong', urgency: 'flash' })) as Posted)
    .headline
  const stays = await connect(survivor!.url)
  const [returns, remains] = [await connect(victim!.url), await connect(victim!.url)]
  const { position } = (await post(`/v1/feeds/en/headlines/${id}/withdraw`, {})) as Posted
  for (const reader of [stays, returns, remains])
    await reader.until((frame) => frame.type === 'event' && frame.position === position)
  stays.send(JSON.stringify({ type: 'ack', position }))
  await cleared({ screens: 3, cleared: 1, missing: 2, left: 0 })

  await victim!.kill()
  const back = await connect(
    survivor!.url,
    position.replace(/\d+$/, (seq) => String(Number(seq) - 1)),
  )
  await back.until((frame) => frame.type === 'event' && frame.position === position)
  back.send(JSON.stringify({ type: 'ack', position }))
  await cleared({ screens: 3, cleared: 2, percent: 66.6, missing: 1, left: 1 })

  const last = await connect(
    survivor!.url,
    position.replace(/\d+$/, (seq) => String(Number(seq) - 1)),
  )
  last.send(JSON.stringify({ type: 'ack', position }))
  await cleared({ screens: 3, cleared: 3, percent: 100, missing: 0, left: 0 })

  async function post(path: string, body: object): Promise<unknown> {
    const answer = await fetch(`${api!.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    expect(answer.status).toBeLessThan(300)
    return answer.json()
  }

  async function cleared(wanted: NonNullable<Partial<Release['cleared']>>): Promise<void> {
    await eventually(`it is cleared as ${JSON.stringify(wanted)}`, LIMIT_MS, async () => {
      const answer = await fetch(`${api!.url}/v1/feeds/en/headlines/${id}/receipt`, { headers })
      const { releases } = (await answer.json()) as { releases: Release[] }
      const counts = releases.at(-1)?.cleared ?? {}
      return Object.entries(wanted).every((entry) =>
        JSON.stringify(Object.entries(counts)).includes(JSON.stringify(entry)),
      )
    })
  }
}, 90_000)

interface Posted {
  readonly headline: { readonly id: string }
  readonly position: string
}

async function connect(url: string, after?: string): Promise<WsReader> {
  const reader = new WsReader(`${url.replace('http', 'ws')}/v1/feeds/en/live?acks=1`)
  readers.push(reader)
  await reader.connect(after)
  await reader.untilType('hello')
  return reader
}
