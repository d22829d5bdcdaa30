import { afterEach, expect, it } from '@jest/globals'
import { Cluster, editorKey } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { SdkReader } from '../support/sdk-reader.ts'

const LIMIT_MS = 20_000

let cluster: Cluster | undefined
const readers: SdkReader[] = []
afterEach(async () => {
  for (const { connection } of readers.splice(0)) connection.close()
  await cluster?.close()
})

it('keeps readers of the client library without a lost or repeated event in a rolling restart', async () => {
  const { apis, gateways } = (cluster = await Cluster.start({ gateways: 2 }))
  for (const { url } of gateways) {
    readers.push(new SdkReader({ url, feed: 'en' }))
    readers.push(new SdkReader({ url, feed: 'en' }, { WebSocket: undefined }))
  }
  for (const reader of readers) await reader.is({ state: 'live' })

  let posted = 0
  const post = async (): Promise<void> => {
    const answer = await fetch(`${apis[0]?.url}/v1/feeds/en/headlines`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${editorKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ text: `Line ${++posted}` }),
    })
    expect(answer.status).toBe(201)
  }
  for (const gateway of gateways) {
    await post()
    await Promise.all([gateway.stop(), post(), post()])
    await post()
    await gateway.start()
    await post()
  }

  for (const reader of readers) {
    await eventually('all headlines have arrived', LIMIT_MS, () => reader.events.length >= posted)
    expect(reader.events.map(({ position }) => Number(position.split(':')[1]))).toEqual(
      Array.from({ length: posted }, (_, n) => n + 1),
    )
    expect(reader.texts).toHaveLength(posted)
    expect(reader.statuses.some(({ state }) => state !== 'live')).toBe(true)
  }
}, 90_000)
