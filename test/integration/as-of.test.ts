import { describe, expect, it } from '@jest/globals'
import type { Archive } from '../../src/archive/archive.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { libsqlDatabase } from '../support/archive/libsql-database.ts'
import { moveAll } from '../support/archive/moved.ts'
import { withArchivedApi } from '../support/archive/with-archived-api.ts'

let archive: Archive
let api: TestApi
let away: { is: boolean }
withArchivedApi((opened) => ({ archive, api, away } = opened))

interface PastStrip {
  readonly position: string
  readonly strip: readonly object[]
  readonly readers: { readonly eventStream: string }
}

const asOf = (at: string, feed = 'en') =>
  api.request(`/v1/feeds/${feed}/as-of?at=${encodeURIComponent(at)}`, { key: api.keys.reader })

async function events(query: string): Promise<{ status: number; lines: Record<string, unknown>[] }> {
  const response = await fetch(`${api.url}/v1/feeds/en/as-of/events?${query}`, {
    headers: { authorization: `Bearer ${api.keys.reader}` },
  })
  const text = await response.text()
  expect(text === '' || text.endsWith('\n')).toBe(true)
  const lines = text.split('\n').filter(Boolean)
  return { status: response.status, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

const timeOf = async () => {
  const { lines } = await events(`from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z`)
  return String(lines.at(-1)?.at)
}

describe('as-of', () => {
  it('shows each moment of a headline, with words that were withdrawn since, as each transport had them', async () => {
    const { id } = (await api.publish({ text: 'Bridge closed' })).body.headline
    const published = await timeOf()
    await api.act(id, 'correct', { text: 'Bridge shut', note: 'A word' }, { 'if-match': '"1"' })
    const corrected = await timeOf()
    await moveAll(api.store, archive)
    await api.act(id, 'withdraw', {})
    const withdrawn = await timeOf()

    for (const isMoved of [false, true]) {
      if (isMoved) await moveAll(api.store, archive)
      const [first, second, third] = await Promise.all(
        [published, corrected, withdrawn].map((at) => asOf(at)),
      )
      expect(first!.headers.get('cache-control')).toBe('no-store')
      expect(first!.body).toMatchObject({ at: published, strip: [{ id, text: 'Bridge closed', version: 1 }] })
      expect(second!.body).toMatchObject({ strip: [{ id, text: 'Bridge shut', version: 2 }] })
      expect(third!.body).toMatchObject({ strip: [] })
      const { position, strip, readers } = first!.body as unknown as PastStrip
      const reset = { type: 'reset', reason: 'start', position, strip }
      expect(readers).toMatchObject({
        snapshot: { feed: { id: 'en' }, position, strip },
        page: { position, reset, events: [], more: false },
        messages: [{ type: 'hello', position, serverTime: published }, reset],
      })
      expect(readers.eventStream).toContain(`\n\nid: ${position}\ndata: ${JSON.stringify(reset)}\n\n`)
    }
  })

  it('streams the events of a time in their order, from log and archive', async () => {
    const range = `from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z`
    const before = await events(range)
    await api.publish({ text: 'Only in Redis' })
    const { status, lines } = await events(range)

    expect(status).toBe(200)
    expect(lines.slice(0, -1)).toEqual(before.lines)
    expect(lines.map(({ op }) => op)).toEqual(['publish', 'correct', 'withdraw', 'publish'])
    const [, second] = lines
    expect((await events(`from=${String(second?.at)}&to=${String(second?.at)}`)).lines).toContainEqual(second)
    expect((await events('from=2020-01-01T00:00:00Z&to=2021-01-01T00:00:00Z')).lines).toEqual([])
  })

  it('leaves out what is erased, and says so', async () => {
    const { id } = (await api.publish({ text: 'Rosalind arrested' })).body.headline
    const at = await timeOf()
    await api.act(id, 'withdraw', {})
    await moveAll(api.store, archive)
    await archive.eraseWords('en', [id])

    const answer = await asOf(at)
    expect(JSON.stringify(answer.body)).not.toContain('Rosalind')
    expect(answer.body).toMatchObject({ erased: true })
    const { lines } = await events(`from=${at}&to=2100-01-01T00:00:00Z`)
    expect(lines).toContainEqual({
      type: 'event',
      position: expect.any(String),
      at,
      headline: { id },
      erased: true,
    })
  })

  it.each([
    ['as-of?at=2100-01-01T00:00:00Z', 400, 'invalid-query'],
    ['as-of?at=yesterday', 400, 'invalid-query'],
    ['as-of', 400, 'invalid-query'],
    ['as-of/events?from=2021-01-01T00:00:00Z&to=2020-01-01T00:00:00Z', 400, 'invalid-query'],
  ])('refuses %s', async (address, status, code) => {
    const answer = await api.request(`/v1/feeds/en/${address}`, { key: api.keys.reader })
    expect(answer).toMatchObject({ status, body: { code } })
  })

  it('is for the newsroom only, and says when the archive is away', async () => {
    expect((await api.request('/v1/feeds/en/as-of?at=2020-01-01T00:00:00Z')).status).toBe(401)
    away.is = true
    expect(await asOf('2020-01-01T00:00:00Z')).toMatchObject({ status: 503, body: { code: 'archive-away' } })
    away.is = false
    expect((await asOf('2020-01-01T00:00:00Z', 'none')).body.code).toBe('no-such-feed')
    expect((await asOf('2020-01-01T00:00:00Z')).body).toMatchObject({
      strip: [],
      position: expect.stringMatching(/:0$/),
    })
  })

  it('names the first moment that is known, where the log was trimmed before the archive began', async () => {
    const other = await startApi({ archive: () => archive })
    const { store } = other
    await other.publish({ text: 'Lost to time' })
    await other.publish({ text: 'The first that is copied' })
    await store.redis.xtrim(store.keys.feed('en').log, 'MINID', '2-0')
    const own = await libsqlDatabase()
    const fresh = await own.open()
    await moveAll(store, fresh)
    const later = await startApi({ archive: () => fresh, prefix: other.prefix })
    const get = (at: string) => later.request(`/v1/feeds/en/as-of?at=${at}`, { key: later.keys.reader })

    const early = await get('2020-01-01T00:00:00Z')
    expect(early).toMatchObject({
      status: 404,
      body: { code: 'as-of-unknown', earliest: expect.any(String) },
    })
    const { earliest } = early.body as unknown as { earliest: string }
    expect((await get(earliest)).body).toMatchObject({
      strip: [{ text: 'The first that is copied' }, { text: 'Lost to time' }],
    })
    for (const each of [later, other]) await each.close()
    await fresh.close()
    await own.close()
  })

  it('is unknown without an archive', async () => {
    const plain = await startApi()
    const answer = await plain.request('/v1/feeds/en/as-of?at=2020-01-01T00:00:00Z', {
      key: plain.keys.reader,
    })
    expect(answer).toMatchObject({ status: 404, body: { code: 'as-of-unknown' } })
    await plain.close()
  })
})
