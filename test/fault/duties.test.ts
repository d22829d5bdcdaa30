import { afterEach, expect, it } from '@jest/globals'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import { Cluster, editorKey } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'

const LINES = 250
const LIMIT_MS = 20_000
const keys = redisKeys()

let cluster: Cluster | undefined
afterEach(() => cluster?.close())

async function call(path: string, key: string, method: string, body?: object) {
  const response = await fetch(`${cluster!.apis[0]!.url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: JSON.parse(text || '{}') as Record<string, string> }
}

it.each([
  ['starts again', 0],
  ['never comes back, and another api looks', 1],
] as const)(
  'an api that is killed after it has revoked a key, and %s, lets none of its lines out',
  async (_, more) => {
    cluster = await Cluster.start({ apis: 1 + more, gateways: 0, workers: 1 })
    const [api] = cluster.apis
    const { body: thief } = await call('/v1/keys', editorKey, 'POST', { name: 'Thief', role: 'editor' })
    const releaseAt = new Date(Date.now() + 15_000).toISOString()
    const post = (key: string, text: string) =>
      call('/v1/feeds/en/headlines', key, 'POST', { text, releaseAt })
    for (let n = 0; n < LINES; n += 50) {
      const posts = Array.from({ length: 50 }, (_each, at) => post(thief.key!, `Line ${n + at}`))
      for (const { status } of await Promise.all(posts)) expect(status).toBe(202)
    }
    await post(editorKey, 'By another key')

    const redis = cluster.redisAs('admin')
    const { status, log } = keys.feed('en')
    const waiting = () => redis.zcard(status('due'))
    try {
      const revoked = call(`/v1/keys/${thief.id}`, editorKey, 'DELETE').catch(() => 'killed')
      while ((await redis.hlen(keys.desk.duties)) === 0) await Promise.resolve()
      await api!.kill()
      expect(await revoked).toBe('killed')
      expect(await waiting()).toBeGreaterThan(1)

      // Their time comes while the workers run, and no api has finished the work.
      if (more === 0) {
        await eventually('the time has passed', LIMIT_MS, () => Date.now() > Date.parse(releaseAt))
        await eventually('the other line is out', LIMIT_MS, async () => (await redis.xlen(log)) > 0)
        await api!.start()
      }
      await eventually('every line needs a decision', LIMIT_MS, async () => {
        return (await redis.zcard(status('needs-decision'))) === LINES
      })
      await eventually('the duty is done', LIMIT_MS, async () => {
        const noted = await Promise.all(
          [keys.desk.duties, keys.feed('en').duties].map((key) => redis.hlen(key)),
        )
        return noted.every((count) => count === 0)
      })
      await eventually('the other line is out', LIMIT_MS, async () => (await redis.xlen(log)) > 0)
      expect(await redis.xlen(log)).toBe(1)
      expect(await waiting()).toBe(0)
      expect(await cluster.refusals()).toEqual([])
    } finally {
      redis.disconnect()
    }
  },
  90_000,
)
