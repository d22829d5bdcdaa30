import { describe, expect, it } from '@jest/globals'
import type { Archive } from '../../src/archive/archive.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { moveAll } from '../support/archive/moved.ts'
import { withArchivedApi } from '../support/archive/with-archived-api.ts'
import { eventually } from '../support/eventually.ts'
import { readAuditHead } from '../../src/eventlog/audit/read-audit.ts'
import { DeskReader } from '../support/desk-reader.ts'

let archive: Archive
let api: TestApi
let away: { is: boolean }
withArchivedApi((opened) => ({ archive, api, away } = opened))

const path = '/v1/feeds/en/headlines'
const get = (address: string) => api.request(address, { key: api.keys.admin })
const isInRedis = async (id: string) =>
  (await api.store.redis.hexists(api.store.keys.feed('en').states, id)) === 1

let lines = 0
/** A headline that was published, corrected and withdrawn. */
async function endedLine(extra: object = {}): Promise<string> {
  const { id } = (await api.publish({ text: `Bridge ${++lines} closed`, ...extra })).body.headline
  await api.act(id, 'correct', { text: `Bridge ${lines} shut`, note: 'A word' }, { 'if-match': '"1"' })
  await api.act(id, 'expire', {}, { 'if-match': '"2"' })
  return id
}

async function movedLine(extra?: object): Promise<string> {
  const id = await endedLine(extra)
  await moveAll(api.store, archive)
  expect(await isInRedis(id)).toBe(false)
  return id
}

describe('a headline that has moved to the archive', () => {
  it('is read, listed, found by its words and its story, and has its receipt and audit, as before', async () => {
    const story = 'tarrow'
    const id = await endedLine({ story })
    const addresses = [
      `${path}/${id}`,
      `${path}/${id}/receipt`,
      `${path}?limit=100`,
      `${path}?q=shut%20bridge&status=expired&story=${story}&author=bootstrap`,
      `/v1/stories/${story}`,
      `/v1/feeds/en/audit?limit=500`,
    ]
    const before = await Promise.all(addresses.map(get))

    expect(await moveAll(api.store, archive)).toBeGreaterThan(0)

    const after = await Promise.all(addresses.map(get))
    expect(after.map(({ status }) => status)).toEqual(addresses.map(() => 200))
    // The addresses of its acts are in the audit only.
    const [record, ...others] = before.map(({ body }) => body)
    const versions = (record as unknown as { versions: { act: object }[] }).versions.map(
      ({ act, ...version }) => {
        const { ip: _, ...rest } = act as { ip?: string }
        return { ...version, act: rest }
      },
    )
    expect(after.map(({ body }) => body)).toEqual([{ ...record, versions }, ...others])
    expect(after[0]?.headers.get('etag')).toBe('"3"')
  })

  it('comes back with a correction or a withdrawal, in the same act', async () => {
    const id = await movedLine()

    const restored = await api.act(id, 'restore', { version: 1 }, { 'if-match': '"3"' })
    expect(restored.status).toBe(200)
    expect(restored.body.headline).toMatchObject({ id, version: 4, status: 'draft' })
    expect((await api.read(id)).body.versions).toHaveLength(4)

    const other = await movedLine()
    const { status, body } = await api.act(other, 'withdraw', { reason: 'wrong' })
    expect(status).toBe(200)
    expect(body.headline).toEqual({ id: other, version: 4, status: 'withdrawn' })
    expect((await api.request(`${path}?status=withdrawn`, { key: api.keys.reader })).body).toMatchObject({
      headlines: [{ id: other, version: 4 }],
    })
  })

  it('stays in the archive when an act on it is refused', async () => {
    const id = await movedLine()

    expect((await api.act(id, 'pin', {}, { 'if-match': '"3"' })).body.code).toBe('illegal-action')
    expect((await api.act(id, 'restore', { version: 1 }, { 'if-match': '"2"' })).body.code).toBe(
      'stale-version',
    )
    expect(await isInRedis(id)).toBe(false)
  })

  it('comes back once for two acts at the same time, and again after it was moved between two', async () => {
    const id = await movedLine()
    const both = await Promise.all(['a', 'b'].map(() => api.act(id, 'withdraw', {})))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])

    await moveAll(api.store, archive)
    expect(await isInRedis(id)).toBe(false)
    expect((await api.read(id)).body).toMatchObject({ version: 4, status: 'withdrawn' })
  })

  it('answers a repeated request as the first time', async () => {
    const key = { 'idempotency-key': `once ${Math.random()}` }
    const posted = await api.publish({ text: 'Once only' }, key)
    const { id } = posted.body.headline
    await api.act(id, 'withdraw', {})
    await moveAll(api.store, archive)

    const again = await api.publish({ text: 'Once only' }, key)
    expect(again.status).toBe(201)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.body).toMatchObject({
      headline: { id, version: 1, status: 'withdrawn' },
      position: posted.body.position,
    })
    away.is = true
    expect((await api.publish({ text: 'Once only' }, key)).body.code).toBe('archive-away')
  })

  it('is withdrawn with all that the feed has released since a time', async () => {
    const since = new Date().toISOString()
    const id = await movedLine()
    const recent = (await api.publish({ text: `Recent ${Math.random()}` })).body.headline.id
    const retract = (dryRun: boolean) =>
      api.post('/v1/feeds/en/retract', { since, reason: 'hacked', dryRun }, {}, api.keys.admin)

    const tried = await retract(true)
    expect(tried.body).toMatchObject({ lines: [{ id: recent }, { id, status: 'expired' }], more: false })
    expect(tried.body).not.toHaveProperty('searched')
    away.is = true
    expect((await retract(true)).body).toMatchObject({ lines: [{ id: recent }], searched: 'recent' })
    away.is = false
    await retract(false)

    expect((await api.read(id)).body.status).toBe('withdrawn')
  })

  it('is in the stream of the desk that begins with the first entry', async () => {
    await movedLine()
    const { n } = await readAuditHead(api.store, 'en')
    const reader = await DeskReader.open(`${api.url}/v1/feeds/en/desk`, api.keys.editor, { after: 0 })
    await eventually('the newest entry', 10_000, () => reader.entries.at(-1) === n)
    expect(reader.entries).toEqual(Array.from({ length: n }, (_, index) => index + 1))
    reader.response.destroy()
  })

  it('stays the part of its edition, and gives its place to a new headline', async () => {
    const post = (address: string, body: object, method = 'POST') =>
      api.request(address, { method, key: api.keys.admin, body })
    const parts = { en: { text: `Edition ${Math.random()}` } }
    const { edition } = (await post('/v1/editions', { parts })).body as unknown as { edition: string }
    const address = `/v1/editions/${edition}`
    await post(`${address}/withdraw`, {})
    const before = await get(address)
    await moveAll(api.store, archive)

    const after = await get(address)
    expect(after.body).toEqual(before.body)
    expect((await post(`${address}/withdraw`, {})).body).toMatchObject({
      parts: [{ feed: 'en', outcome: 'accepted', headline: { status: 'withdrawn' } }],
    })
    const next = await post(`${address}/parts/en`, { text: `Edition ${Math.random()}` }, 'PUT')
    expect(next.status).toBe(201)
    expect((await get(address)).body).toMatchObject({
      parts: [{ id: next.body.headline.id, status: 'live' }],
    })
  })
})

describe('while the archive is away', () => {
  it('lists and searches tell that only the recent part was searched', async () => {
    const id = await movedLine()
    const live = (await api.publish({ text: `Fire ${Math.random()}`, story: 'fire' })).body.headline.id
    away.is = true

    for (const address of [path, `${path}?q=fire`, '/v1/stories/fire']) {
      const { status, body } = await get(address)
      expect(status).toBe(200)
      expect(body).toMatchObject({ searched: 'recent' })
      expect(JSON.stringify(body)).toContain(live)
    }
    away.is = false
    const { body } = await get(`${path}?limit=100`)
    expect(body).not.toHaveProperty('searched')
    expect(JSON.stringify(body)).toContain(id)
  })

  it('posting and acts on headlines in Redis go on', async () => {
    away.is = true
    const { id } = (await api.publish({ text: `Storm ${Math.random()}` })).body.headline
    expect((await api.act(id, 'withdraw', {})).status).toBe(200)
    expect((await api.read(id)).body.status).toBe('withdrawn')
  })

  it('an id that Redis does not know is 503 with the setting to look at, and an unknown feed 404', async () => {
    const id = await movedLine()
    away.is = true

    for (const answer of [
      await api.read(id),
      await api.act(id, 'withdraw', {}),
      await get(`${path}/${id}/receipt`),
    ]) {
      expect(answer.status).toBe(503)
      expect(answer.body).toMatchObject({
        code: 'archive-away',
        fault: 'away',
        detail: expect.stringContaining('ARCHIVE_URL'),
      })
      expect(answer.headers.get('retry-after')).toBe('30')
    }
    expect((await get(`/v1/feeds/none/headlines/${id}`)).body.code).toBe('no-such-feed')
    expect((await get('/v1/feeds/en/audit')).body.code).toBe('archive-away')
    away.is = false
    expect((await api.read(id)).status).toBe(200)
  })
})

describe('without an archive', () => {
  it('an unknown id is 404', async () => {
    const plain = await startApi()
    expect((await plain.read('a'.repeat(22))).body.code).toBe('no-such-headline')
    expect((await plain.request(path, { key: plain.keys.reader })).body).toEqual({ headlines: [] })
    await plain.close()
  })
})
