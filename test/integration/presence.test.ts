import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { PRESENT_MS } from '../../src/eventlog/presence.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { DeskReader } from '../support/desk-reader.ts'

const path = '/v1/feeds/en/presence'
const headline = 'R80oiUdt_cSumQAvgK3vDg'

interface Told {
  readonly present: readonly { readonly page: string; readonly name: string }[]
  readonly seen: readonly object[]
}

describe('presence on the desk', () => {
  let api: TestApi

  beforeEach(async () => {
    api = await startApi()
  })
  afterEach(async () => {
    await api.close()
  })

  async function tell(body: object, key = api.keys.editor): Promise<Told> {
    const { status, body: told } = await api.request(path, { method: 'PUT', key, body })
    expect(status).toBe(200)
    return told as unknown as Told
  }

  it('shows each page the others, and who has seen its headline in which version', async () => {
    await tell({ page: 'p1', headline, version: 1 })
    await tell({ page: 'p1', headline, version: 2, doing: 'editing' })
    const told = await tell({ page: 'p2', headline, version: 1 }, api.keys.admin)
    expect(told).toMatchObject({
      present: expect.arrayContaining([
        { page: 'p1', headline, version: 2, doing: 'editing', person: 'bootstrap', name: 'editor key' },
        { page: 'p2', headline, version: 1, doing: 'reading', person: 'bootstrap', name: 'admin key' },
      ]),
      seen: [{ person: 'bootstrap', name: 'admin key', version: 1 }],
      presentMs: PRESENT_MS,
    })
    expect((await tell({ page: 'p1' })).seen).toEqual([])
  })

  it('forgets a page that tells no more, and Redis forgets the whole record', async () => {
    const { presence, seen } = api.store.keys.feed('en')
    await tell({ page: 'closed', headline, version: 1 })
    for (const key of [presence, seen(headline)]) expect(await api.store.redis.pttl(key)).toBeGreaterThan(0)
    const [stored] = Object.entries(await api.store.redis.hgetall(presence))
    const [field, raw] = stored ?? ['', '{}']
    const old = { ...(JSON.parse(raw) as { at: number }), at: Date.now() - 2 * PRESENT_MS }
    await api.store.redis.hset(presence, field, JSON.stringify(old))
    await api.store.redis.hset(presence, 'damaged', '{')
    expect((await tell({ page: 'open' })).present.map(({ page }) => page)).toEqual(['open'])
    expect(await api.store.redis.hlen(presence)).toBe(1)
  })

  it('comes on the stream of the desk, and is not in the audit', async () => {
    const listener = await DeskReader.open(`${api.url}/v1/feeds/en/desk`, api.keys.editor)
    await listener.first('hello')
    await api.store.redis.publish(api.store.keys.feed('en').presence, 'no message of ours')
    await tell({ page: 'p1', headline, version: 1, doing: 'deciding' }, api.keys.admin)
    expect(await listener.first('presence')).toEqual({
      type: 'presence',
      ...{ page: 'p1', headline, version: 1, doing: 'deciding', person: 'bootstrap', name: 'admin key' },
    })
    expect(listener.entries).toEqual([])
    listener.drop()
  })

  it.each([
    { name: 'a reader', body: { page: 'p1' }, role: 'reader', status: 403 },
    { name: 'a page without a name', body: {}, role: 'editor', status: 422 },
    { name: 'a name that is too long', body: { page: 'x'.repeat(41) }, role: 'editor', status: 422 },
    { name: 'an act that is none', body: { page: 'p1', doing: 'sleeping' }, role: 'editor', status: 422 },
  ] as const)('refuses $name', async ({ body, role, status }) => {
    const told = await api.request(path, { method: 'PUT', key: api.keys[role], body })
    expect(told.status).toBe(status)
  })

  it('refuses a feed that does not exist', async () => {
    const told = await api.request('/v1/feeds/none/presence', {
      method: 'PUT',
      key: api.keys.editor,
      body: { page: 'p1' },
    })
    expect(told.status).toBe(404)
  })
})
