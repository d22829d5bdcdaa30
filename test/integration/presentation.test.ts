import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { staffOf, type Person, type Staff } from '../support/newsroom.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'

const LIMIT_MS = 10_000

describe('the presentation of a feed', () => {
  let api: TestApi
  let staff: Staff
  beforeAll(async () => {
    api = await startApi()
    staff = await staffOf(api)
  })
  afterAll(() => api.close())

  let feeds = 0
  async function freshFeed(lang = 'en'): Promise<string> {
    const id = `looks-${++feeds}`
    await api.request('/v1/feeds', { method: 'POST', key: staff.eve.key, body: { id, title: 'Looks', lang } })
    return id
  }
  const put = (by: Person, feed: string, body: object, seen: string | undefined = '"0"') =>
    by.send('PUT', `/v1/feeds/${feed}/presentation`, body, seen === '' ? {} : { 'If-Match': seen })

  it('is empty until a chief sets it, and is audited', async () => {
    const feed = await freshFeed()
    const before = await staff.rob.get(`/v1/feeds/${feed}/presentation`)
    expect([before.headers.get('etag'), before.body]).toEqual(['"0"', { version: 0, words: {}, labels: {} }])

    const wanted = { words: { flash: 'Just in', pinned: 'On top' }, labels: { city: 'In town' } }
    const reply = await put(staff.dan, feed, wanted)
    expect([reply.status, reply.headers.get('etag'), reply.body]).toEqual([
      200,
      '"1"',
      { version: 1, ...wanted },
    ])
    expect((await staff.rob.get(`/v1/feeds/${feed}/presentation`)).body).toEqual({ version: 1, ...wanted })

    const { entries } = (await staff.eve.get(`/v1/feeds/${feed}/audit`)).body
    expect(entries.find(({ action }) => action === 'presentation')).toMatchObject({
      act: { person: staff.dan.id },
      detail: { before: { version: 0 }, after: { version: 1, ...wanted } },
    })
  })

  it.each([
    ['an editor', 403, 'forbidden', {}],
    ['an unknown word', 422, 'invalid-body', { words: { flsh: 'Now' } }],
    ['a word that is too long', 422, 'invalid-body', { words: { flash: 'x'.repeat(41) } }],
    ['a control character', 422, 'invalid-body', { words: { flash: 'No\u0007w' } }],
    ['an override of the direction', 422, 'invalid-body', { words: { flash: 'No\u202ew' } }],
    ['an empty word', 422, 'invalid-body', { words: { flash: ' ' } }],
    ['a number without its place', 422, 'invalid-body', { words: { waiting: 'New lines' } }],
    ['a label of no slug', 422, 'invalid-body', { labels: { 'In Town': 'x' } }],
    ['an unknown numbering', 422, 'invalid-body', { numbering: 'roman' }],
    ['the digits of another language', 422, 'invalid-body', { numbering: 'arab' }],
    ['an unknown member', 422, 'invalid-body', { colours: {} }],
  ])('refuses %s', async (name, status, code, body) => {
    const feed = await freshFeed()
    const reply = await put(name === 'an editor' ? staff.bob : staff.dan, feed, body)
    expect([reply.status, reply.body.code]).toEqual([status, code])
    expect((await staff.rob.get(`/v1/feeds/${feed}/presentation`)).body).toMatchObject({ version: 0 })
  })

  it('gets no new words from one person alone under the two-person rule', async () => {
    const feed = await freshFeed()
    const words = { flash: 'Just in', empty: 'Nothing' }
    expect((await put(staff.dan, feed, { words })).status).toBe(200)
    const policy = await staff.dan.get(`/v1/feeds/${feed}/policy`)
    const rule = { ...policy.body.policy, alone: { flash: 'nobody' } }
    const closed = await staff.dan.send('PUT', `/v1/feeds/${feed}/policy`, rule, {
      'If-Match': policy.headers.get('etag') ?? '',
    })
    expect(closed.status).toBe(200)

    for (const body of [
      { words: { ...words, empty: 'The mayor has resigned' } },
      { words: { flash: 'Nothing' } },
      { words, labels: { city: 'The mayor has resigned' } },
    ]) {
      const reply = await put(staff.eve, feed, body, '"1"')
      expect([reply.status, reply.body.code]).toEqual([403, 'two-person-required'])
    }
    expect(
      (await put(staff.dan, feed, { words: { flash: 'Just in' }, numbering: 'latn' }, '"1"')).status,
    ).toBe(200)
  })

  it('is changed only by a chief who has seen the present version', async () => {
    const feed = await freshFeed('ar')
    expect((await put(staff.dan, feed, { numbering: 'arab' }, '')).body.code).toBe('precondition-required')
    expect((await put(staff.dan, feed, { numbering: 'arab' })).status).toBe(200)
    const late = await put(staff.dan, feed, {})
    expect([late.status, late.body.code, late.body.current]).toMatchObject([
      412,
      'stale-version',
      { version: 1, numbering: 'arab' },
    ])
    expect((await put(staff.dan, feed, {}, '"1"')).body).toEqual({ version: 2, words: {}, labels: {} })
  })
})

describe('readers of a feed with a presentation', () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem()
  })
  afterAll(() => system.close())

  const put = async (feed: string, body: object, seen: number): Promise<void> => {
    const answer = await fetch(`${system.url}/v1/feeds/${feed}/presentation`, {
      method: 'PUT',
      headers: { ...system.authorization, 'If-Match': `"${seen}"` },
      body: JSON.stringify(body),
    })
    expect([answer.status, await answer.text()]).toMatchObject([200, expect.anything()])
    // A gateway takes it from the channel or from its next tail check.
    await eventually('the gateway has it', LIMIT_MS, async () => {
      const words = await fetch(`${system.url}/v1/feeds/${feed}/words`)
      return ((await words.json()) as { version: number }).version === seen + 1
    })
  }
  const pagesOf = (feed: string, query = '') =>
    Promise.all(
      [`/v1/feeds/${feed}/strip.html`, `/embed/${feed}${query}`, '/'].map(async (path) => {
        const html = await (await fetch(`${system.url}${path}`)).text()
        return path === '/' ? (html.split(`data-feed="${feed}"`)[1] ?? '').split('data-feed=')[0]! : html
      }),
    )

  it('have its words and labels, and the usual ones once they are taken away', async () => {
    await system.createFeed({ id: 'own', lang: 'en' })
    await system.serves('own')
    await system.publish('own', [
      { text: 'Bridge closed', urgency: 'flash', section: 'city', regions: ['far-east'] },
    ])
    for (const html of await pagesOf('own')) expect(html).toContain('>Flash<')
    const title = { id: 'own', title: 'Feed own', lang: 'en', dir: 'ltr' }
    const before = await system.snapshot('own')
    expect(before.body.feed).toEqual(title)

    await put('own', { words: { flash: 'Just <in>' }, labels: { city: 'In town' } }, 0)
    const pages = await pagesOf('own')
    for (const html of pages) {
      expect(html).toContain('>Just &lt;in&gt;<')
      expect(html).not.toContain('>Flash<')
    }
    expect(pages[2]).toContain('In town')
    expect(pages[2]).toContain('far east')
    const after = await system.snapshot('own')
    expect(after.body.feed).toEqual({ ...title, words: 1 })
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'))
    const reader = await system.connect('own')
    expect(await reader.next()).toMatchObject({ feed: { words: 1 } })
    // Words around the lines in another language are those of that language.
    const [, frame] = await pagesOf('own', '?lang=de')
    expect(frame).toContain('>Blitz<')

    await put('own', {}, 1)
    for (const html of await pagesOf('own')) expect(html).toContain('>Flash<')
    expect((await system.snapshot('own')).body.feed).toEqual(title)
  })

  it('learn of a change while they are connected', async () => {
    await system.createFeed({ id: 'late', lang: 'ar' })
    await system.serves('late')
    const reader = await system.connect('late')
    const { position } = await reader.untilType('hello')
    const poll = system.page('late', { after: position, wait: 25 })
    // This request is answered after the long poll has begun, because one event loop handles both in order.
    await system.snapshot('late')

    await put('late', { words: { flash: 'Just in' }, numbering: 'arab' }, 0)
    const told = { id: 'late', numbering: 'arab', words: 1 }
    expect(await reader.untilType('head')).toMatchObject({ feed: told })
    expect((await poll).body).toMatchObject({ position, events: [], feed: told })
    await put('late', {}, 1)
    const { feed } = await reader.untilType('head')
    expect(feed).toEqual({ id: 'late', title: 'Feed late', lang: 'ar', dir: 'rtl' })
  })

  it('have its digits, and Western ones in Arabic by default', async () => {
    await system.createFeed({ id: 'raqm', lang: 'ar-EG' })
    await system.serves('raqm')
    await system.publish('raqm', ['إغلاق الجسر'])
    const clock = /<time class="flashline-time"[^>]*>([^<]*)</
    for (const html of await pagesOf('raqm')) expect(clock.exec(html)?.[1]).toMatch(/\d/)
    await put('raqm', { numbering: 'arab' }, 0)
    for (const html of await pagesOf('raqm')) {
      expect(clock.exec(html)?.[1]).toMatch(/[٠-٩]/)
      expect(clock.exec(html)?.[1]).not.toMatch(/\d/)
    }
    expect((await system.snapshot('raqm')).body.feed).toMatchObject({ numbering: 'arab' })
  })

  it('count as readers of a language without words here once all words of a line are there', async () => {
    await system.createFeed({ id: 'polski', lang: 'pl' })
    await system.serves('polski')
    await system.publish('polski', [{ text: 'Most zamknięty', urgency: 'flash' }])
    await put('polski', { words: { flash: 'Pilne' } }, 0)
    expect((await pagesOf('polski'))[0]).toMatch(/class="flashline-meta" lang="en"[^>]*>\s*<span[^>]*>Pilne</)
    const words = {
      ...{ flash: 'Pilne', bulletin: 'Ważne', urgent: 'Nowe', routine: 'Wiadomość' },
      ...{ corrected: 'Poprawiono', updated: 'Zmieniono', pinned: 'Przypięte', empty: 'Brak wiadomości' },
      ...{ frozen: 'Wstrzymane', refused: 'Niedostępne', notLive: 'Nie na żywo' },
    }
    await put('polski', { words }, 1)
    expect((await pagesOf('polski'))[0]).toMatch(/class="flashline-meta" lang="pl"[^>]*>\s*<span[^>]*>Pilne</)
  })

  it('have the usual words when its record is damaged', async () => {
    await system.createFeed({ id: 'broken', lang: 'en' })
    await system.serves('broken')
    await system.publish('broken', [{ text: 'Bridge closed', urgency: 'flash' }])
    await put('broken', { words: { flash: 'Just in' } }, 0)
    const { head } = system.store.keys.feed('broken')
    await system.store.redis.hset(head, { presentation: '{"version":', presented: '2' })
    await eventually('the usual words are back', LIMIT_MS, async () =>
      (await pagesOf('broken')).every((html) => html.includes('>Flash<')),
    )
  })
})
