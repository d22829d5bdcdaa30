import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { indexTerms } from '../../src/desk/words.ts'
import { flagSiblings } from '../../src/eventlog/flag-siblings.ts'
import type { Change } from '../../src/eventlog/save-headline.ts'
import { contentSchema, type Content } from '../../src/protocol/headline.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { newId, publish, save, withdraw } from '../support/changes.ts'
import { createTestFeed } from '../support/redis.ts'

const path = '/v1/feeds/en/headlines'

interface Page {
  readonly headlines: readonly {
    readonly id: string
    readonly version: number
    readonly status: string
    readonly content: Content
    readonly createdAt: string
    readonly updatedAt: string
    readonly releaseAt?: string
    readonly publishedAt?: string
    readonly attention?: object
  }[]
  readonly next?: string
}

describe('the list of headlines', () => {
  let api: TestApi
  const written = { draft: '', live: '', waits: '' }

  beforeAll(async () => {
    api = await startApi()
    written.draft = await keep('École fermée', { status: 'draft' })
    written.live = (await api.publish({ text: 'Bridge closed' })).body.headline.id
    written.waits = await keep('Bridge opens', {
      status: 'due',
      due: { kind: 'add', op: 'publish', dueAt: Date.now() + 3_600_000 },
      desk: { createdBy: 'u_ann', authors: ['u_ann'] },
      act: { by: 'user:u_ann', person: 'u_ann', name: 'Ann' },
    })
  })
  afterAll(() => api.close())

  async function keep(text: string, extra: Partial<Change>, feed = 'en', content: object = {}) {
    const id = newId()
    const kept = { action: 'save', due: { kind: 'none' }, words: indexTerms(text) } as const
    const parsed = contentSchema.parse({ text, ...content })
    await save(api.store, publish(id, text, { feed, ...kept, content: parsed, ...extra }))
    return id
  }

  async function list(query: string, key = api.keys.reader): Promise<Page> {
    const { status, body } = await api.request(`${path}${query}`, { key })
    expect(status).toBe(200)
    return body as unknown as Page
  }
  const ids = async (query: string) => (await list(query)).headlines.map(({ id }) => id)

  it('shows the status of each headline, newest first', async () => {
    const { headlines, next } = await list('?limit=100')

    expect(next).toBeUndefined()
    expect(headlines.map(({ id }) => id)).toEqual([written.waits, written.live, written.draft])
    const [waits, live, draft] = headlines
    expect(waits).toMatchObject({ version: 1, status: 'due', desk: { createdBy: 'u_ann' } })
    expect(Date.parse(waits?.releaseAt ?? '')).toBeGreaterThan(Date.now())
    expect(waits?.publishedAt).toBeUndefined()
    expect(live).toMatchObject({ status: 'live', content: { text: 'Bridge closed' } })
    expect(live?.publishedAt).toEqual(expect.any(String))
    expect(live?.releaseAt).toBeUndefined()
    expect(draft).toMatchObject({ status: 'draft', content: { text: 'École fermée' } })
    expect(draft?.updatedAt).toBe(draft?.createdAt)
    expect(headlines.some((line) => 'versions' in line)).toBe(false)
  })

  it.each([
    ['status', '?status=draft,due', ['waits', 'draft']],
    ['words, without regard to case, accents and order', '?q=FERMEE%20ecole', ['draft']],
    ['one word', '?q=bridge', ['waits', 'live']],
    ['all words', '?q=bridge%20closed', ['live']],
    ['author', '?author=u_ann', ['waits']],
    ['status and words', '?status=live&q=bridge', ['live']],
    ['a word of no headline', '?q=flood', []],
    ['a time before the first headline', '?until=2020-01-01T00:00:00Z', []],
    ['a time since', '?since=2020-01-01T00:00:00Z&status=draft', ['draft']],
  ] as const)('finds by %s', async (_what, query, expected) => {
    expect(await ids(query)).toEqual(expected.map((name) => written[name]))
  })

  it('gives every headline once over all pages, while headlines are written', async () => {
    const first = await list('?limit=1')
    await keep('Later', { status: 'draft' })
    const second = await list(`?limit=1&cursor=${first.next}`)
    const third = await list(`?limit=1&cursor=${second.next}`)

    const all = [first, second, third].flatMap(({ headlines }) => headlines.map(({ id }) => id))
    expect(all).toEqual([written.waits, written.live, written.draft])
    expect(third.next).toBeUndefined()
  })

  it('finds the words of the current text only', async () => {
    const id = await keep('Fire in Oslo', { status: 'draft' })
    const text = 'Flood in Bergen'
    const content = contentSchema.parse({ text })
    const again = { expected: 1, status: 'draft', action: 'save', due: { kind: 'none' } } as const
    await save(api.store, publish(id, text, { ...again, content, words: indexTerms(text) }))

    expect(await ids('?q=oslo')).toEqual([])
    expect(await ids('?q=bergen')).toEqual([id])
  })

  it('finds the headlines of a story, and flagged headlines until an editor has attended to them', async () => {
    await createTestFeed(api.store, { id: 'fr' })
    const line = { story: 'harbour' }
    const live = (await api.publish({ text: 'Port fire', ...line })).body.headline.id
    const other = (await api.post('/v1/feeds/fr/headlines', { text: 'Feu au port', ...line })).body.headline
      .id
    expect(await ids('?story=harbour')).toEqual([live])
    expect(await ids('?attention=true')).toEqual([])

    await save(api.store, withdraw(other, { feed: 'fr' }))
    await flagSiblings(api.store, 'fr')
    const flagged = await list('?attention=true')
    await api.act(live, 'attended', {}, { 'if-match': '"1"' })

    expect(flagged.headlines).toMatchObject([{ id: live, attention: { feed: 'fr', id: other } }])
    expect(await ids('?attention=true')).toEqual([])
  })

  it.each([
    ['?status=live,dead', 'status/1: not one of draft, pending'],
    ['?stauts=live', 'stauts: unknown field'],
    ['?status=live&status=draft', 'status: '],
    ['?limit=0', 'limit: '],
    ['?limit=101', 'limit: '],
    ['?limit=1e1', 'limit: not a whole number'],
    ['?since=yesterday', 'since: '],
    ['?attention=yes', 'attention: '],
    ['?story=A', 'story: '],
    ['?q=!!', 'q: holds no word'],
    [`?q=${Array.from({ length: 11 }, (_, n) => `w${n}`).join('%20')}`, 'q: holds more than 10 words'],
    [`?q=${'a'.repeat(201)}`, 'q: '],
    ['?cursor=abc', 'cursor: not one of ours'],
    ['?cursor=WzEsMl0', 'cursor: not one of ours'],
  ])('refuses %s and says why', async (query, why) => {
    const { status, body } = await api.request(`${path}${query}`, { key: api.keys.reader })
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'invalid-query', detail: expect.stringContaining(why) })
  })

  it('requires a key, and answers 404 for an unknown feed', async () => {
    expect((await api.request(path)).status).toBe(401)
    expect((await api.request('/v1/feeds/xx/headlines', { key: api.keys.reader })).body.code).toBe(
      'no-such-feed',
    )
  })

  it('is described in the OpenAPI with its parameters', async () => {
    const { body } = await api.request('/v1/openapi.json')
    expect(body.paths['/v1/feeds/{feed}/headlines']?.get).toMatchObject({
      parameters: expect.arrayContaining([
        expect.objectContaining({
          name: 'q',
          in: 'query',
          required: false,
          schema: expect.objectContaining({ type: 'string' }),
        }),
      ]),
    })
  })
})
