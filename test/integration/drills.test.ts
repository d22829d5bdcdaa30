import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connect } from '../../web/sdk/index.ts'
import type { FeedTitle } from '../../src/protocol/feed.ts'
import { eventually } from '../support/eventually.ts'
import { openPolicy } from '../support/redis.ts'
import { startSystem, type System } from '../support/system.ts'
import type { Refused } from '../support/ws-reader.ts'

let system: System
beforeAll(async () => {
  system = await startSystem()
  await system.createFeed({ id: 'drill', lang: 'ar', title: 'Newsroom drill', drill: true })
  await system.createFeed({ id: 'second-drill', lang: 'en', drill: true })
  await system.createFeed({ id: 'real', lang: 'en' })
  await system.serves('real')
  await eventually('the drills are served', 20_000, async () => {
    const found = await Promise.all(['drill', 'second-drill'].map((feed) => get(`/v1/feeds/${feed}?drill=1`)))
    return found.every(({ status }) => status === 200)
  })
  await system.publish('drill', [{ text: 'Not news', urgency: 'flash' }])
})
afterAll(() => system.close())

async function get(path: string, headers: Record<string, string> = {}) {
  const ended = new AbortController()
  const answer = await fetch(system.url + path, { headers, signal: ended.signal })
  const type = answer.headers.get('content-type') ?? ''
  if (type.includes('event-stream')) {
    ended.abort()
    return { status: answer.status, type, text: '' }
  }
  return { status: answer.status, type, text: await answer.text() }
}

const eventStream = { Accept: 'text/event-stream' }
const here = () => encodeURIComponent(system.url)
/** Everything that a gateway serves for a feed, with the headers of the request. */
const documents: readonly (readonly [string, (feed: string) => string, Record<string, string>])[] = [
  ['the snapshot', (feed) => `/v1/feeds/${feed}?`, {}],
  ['the own words', (feed) => `/v1/feeds/${feed}/words?`, {}],
  ['a page of events', (feed) => `/v1/feeds/${feed}/events?`, {}],
  ['a page of past events', (feed) => `/v1/feeds/${feed}/events?after=aaaaaaaa:0&`, {}],
  ['a long poll', (feed) => `/v1/feeds/${feed}/events?wait=1&`, {}],
  ['server-sent events', (feed) => `/v1/feeds/${feed}/events?`, eventStream],
  ['the piece of HTML', (feed) => `/v1/feeds/${feed}/strip.html?`, {}],
  ['the feed as JSON Feed', (feed) => `/feeds/${feed}/feed.json?`, {}],
  ['the feed as RSS for screens', (feed) => `/feeds/${feed}/rss.xml?for=screen&`, {}],
  ['the frame', (feed) => `/embed/${feed}?`, {}],
  ['oEmbed', (feed) => `/oembed?url=${here()}/embed/${feed}&`, {}],
]

describe('a drill', () => {
  it.each(documents)('is no feed for readers that do not ask for one: %s', async (_, path, headers) => {
    const unknown = await get(path('nowhere').slice(0, -1), headers)
    expect(unknown.status).toBe(404)
    for (const asked of [
      '',
      'drill=0',
      'drill=true',
      'drill=',
      'drill=1&drill=1',
      'drill=1&drill=0',
      'DRILL=1',
    ]) {
      const answer = await get(path('drill') + asked, headers)
      if (path('drill').startsWith('/oembed') && asked !== '' && asked !== 'DRILL=1') {
        // A faulty parameter of oEmbed itself is refused before any feed is looked at.
        expect([asked, answer]).toEqual([asked, await get(path('nowhere') + asked, headers)])
        expect(answer.status).toBeGreaterThanOrEqual(400)
      } else expect([asked, answer]).toEqual([asked, unknown])
    }
  })

  it.each(documents)(
    'is there for readers that ask for one, and nowhere else: %s',
    async (_, path, headers) => {
      const real = await get(path('real').slice(0, -1), headers)
      expect((await get(`${path('drill')}drill=1`, headers)).status).toBe(real.status)
      expect((await get(`${path('nowhere')}drill=1`, headers)).status).toBe(404)
      expect((await get(`${path('real')}drill=1`, headers)).status).toBe(real.status)
      expect((await get(`${path('real')}drill=2`, headers)).status).toBe(400)
    },
  )

  it.each([{}, { drill: '0' }, { drill: 'true' }] as Record<string, string>[])(
    'opens no WebSocket to a reader with %j',
    async (query) => {
      const refusal = async (feed: string) => {
        const { status, body } = await system.connect(feed, { query }).then(
          () => ({ status: 101, body: '' }),
          (refused: unknown) => refused as Refused,
        )
        return [status, body]
      }
      expect(await refusal('nowhere')).toEqual([404, expect.stringContaining('no-such-feed')])
      expect(await refusal('drill')).toEqual(await refusal('nowhere'))
    },
  )

  it('says in its hello that it is a drill, and a reader without a filter misses nothing', async () => {
    const reader = await system.connect('drill', { query: { drill: '1' } })
    const { feed } = await reader.untilType('hello')
    expect(feed).toMatchObject({ id: 'drill', drill: true })
    const [event] = await system.publish('drill', ['Another line'])
    expect((await reader.take(1))[0]).toMatchObject({ position: event!.position })
  })

  it('is followed by the client that asks for it', async () => {
    const asked = connect({ url: system.url, feed: 'drill', drill: true })
    const plain = connect({ url: system.url, feed: 'drill' })
    await eventually(
      'both have an answer',
      10_000,
      () => asked.status.state === 'live' && plain.status.state === 'refused',
    )
    expect(asked.feed).toMatchObject({ drill: true })
    expect(asked.strip?.some(({ text }) => text === 'Not news')).toBe(true)
    expect([plain.status.code, plain.strip]).toEqual(['no-such-feed', undefined])
    asked.close()
    plain.close()
  })

  it('is on no list and no page', async () => {
    const { feeds } = JSON.parse((await get('/v1/feeds')).text) as { feeds: FeedTitle[] }
    expect(feeds.map(({ id }) => id)).toEqual(['en', 'real'])
    for (const path of ['/', '/?drill=1', '/how-to-post', '/embed']) {
      const { text } = await get(path)
      expect([path, text.includes('Newsroom drill'), text.includes('Not news')]).toEqual([path, false, false])
    }
  })

  it('has the word over its headlines in every document, in its language, and no script that would ask for it', async () => {
    const fragment = await get('/v1/feeds/drill/strip.html?drill=1')
    expect(fragment.text).toMatch(
      /data-drill="true"[^]*<p class="flashline-drill" lang="ar" dir="rtl">\s*<strong>تدريب<[^]*Not news/,
    )
    const frame = await get('/embed/drill?drill=1')
    expect(frame.text).toMatch(/<title>تدريب: Newsroom drill<[^]*<strong>تدريب<[^]*Not news/)
    expect(frame.text).not.toContain('<script')
    expect(frame.text).not.toContain('oembed')
    expect(frame.text).toContain('<meta http-equiv="refresh"')
    expect((await get('/v1/feeds/real/strip.html')).text).not.toContain('drill')
    expect((await get('/embed/real')).text).not.toContain('drill')
    const oembed = JSON.parse((await get(`/oembed?url=${here()}/embed/drill?drill=1`)).text) as {
      title: string
      html: string
    }
    expect(oembed.title).toBe('تدريب: Newsroom drill')
    expect(oembed.html).toMatch(/\/embed\/drill\?[^"]*drill=1"/)
  })

  it('stays one for ever', async () => {
    const feed = { id: 'drill', title: 'Newsroom drill', lang: 'ar', policy: openPolicy }
    expect((await post('/v1/feeds', feed)).body.code).toBe('feed-exists')
    expect(await post('/v1/feeds', { ...feed, drill: true })).toMatchObject({
      status: 200,
      body: { drill: true },
    })
    expect(
      (await post('/v1/feeds', { ...feed, id: 'real', title: 'Feed real', lang: 'en', drill: true })).body
        .code,
    ).toBe('feed-exists')
    for (const drill of [false, 'true', 1]) {
      expect((await post('/v1/feeds', { ...feed, id: 'odd', drill })).body.code).toBe('invalid-body')
    }
  })

  it('is listed as a drill to the newsroom', async () => {
    const { body } = await system.get<{ feeds: (FeedTitle & { role: string })[] }>(
      '/v1/desk/feeds',
      system.authorization,
    )
    expect(body.feeds.map(({ id, drill, role }) => [id, drill, role])).toEqual([
      ['drill', true, 'admin'],
      ['en', undefined, 'admin'],
      ['real', undefined, 'admin'],
      ['second-drill', true, 'admin'],
    ])
    expect((await get('/v1/desk/feeds')).status).toBe(401)
  })

  it('is served by no gateway while its definition does not say clearly whether it is one', async () => {
    const { definition, head } = system.store.keys.feed('unclear')
    const stored = { id: 'unclear', title: 'Unclear', lang: 'en', stripLimit: 50, drill: 'yes', dir: 'ltr' }
    await system.store.redis.hset(
      head,
      'epoch',
      'abcdefgh',
      'since',
      '0',
      'seq',
      '0',
      'chain',
      'x',
      'accepted',
      '0',
    )
    await system.store.redis.set(definition, JSON.stringify(stored))
    await system.store.redis.sadd(system.store.keys.feeds, 'unclear')
    await system.store.redis.publish(system.store.keys.feedsChanged, 'unclear')
    await eventually('the feed is known', 20_000, async () => (await get('/v1/feeds/unclear')).status === 503)
    expect((await get('/v1/feeds/unclear?drill=1')).status).toBe(503)
    await system.store.redis.srem(system.store.keys.feeds, 'unclear')
  })
})

describe('no act crosses the border between drills and real feeds', () => {
  const feeds = ['drill', 'second-drill', 'real', 'en']
  let stories = 0
  async function story(): Promise<{ slug: string; ids: Record<string, string> }> {
    const slug = `story-${++stories}`
    const ids: Record<string, string> = {}
    for (const feed of feeds) {
      const [event] = await system.publish(feed, [{ text: `The line of ${slug} in ${feed}`, story: slug }])
      ids[feed] = event!.headline.id
    }
    return { slug, ids }
  }
  const record = async (feed: string, id: string) =>
    (
      await system.get<{ status: string; attention?: object }>(
        `/v1/feeds/${feed}/headlines/${id}`,
        system.authorization,
      )
    ).body

  it.each([
    { from: 'drill', beside: 'second-drill', across: ['real', 'en'] },
    { from: 'real', beside: 'en', across: ['drill', 'second-drill'] },
  ])('attention and a withdrawal of a whole story, from $from', async ({ from, beside, across }) => {
    const marked = await story()
    await post(`/v1/feeds/${from}/headlines/${marked.ids[from]}/hold`, {})
    await eventually('the other feed of the same side has attention', 20_000, async () => {
      return (await record(beside, marked.ids[beside]!)).attention !== undefined
    })
    for (const feed of across) expect((await record(feed, marked.ids[feed]!)).attention).toBeUndefined()

    const whole = await story()
    const { body } = await post(`/v1/feeds/${from}/headlines/${whole.ids[from]}/withdraw`, { cascade: true })
    expect(body.siblings).toEqual([{ feed: beside, id: whole.ids[beside], outcome: 'withdrawn' }])
    for (const feed of across) expect((await record(feed, whole.ids[feed]!)).status).toBe('live')
  })

  it('a story is that of the real feeds, or that of the drills', async () => {
    const { slug } = await story()
    const inStory = async (query: string) => {
      const { body } = await system.get<{ lines: { feed: string }[] }>(
        `/v1/stories/${slug}${query}`,
        system.authorization,
      )
      return body.lines.map(({ feed }) => feed)
    }
    expect(await inStory('')).toEqual(['en', 'real'])
    expect(await inStory('?drill=1')).toEqual(['drill', 'second-drill'])
    expect((await get(`/v1/stories/${slug}?drill=0`, system.authorization)).status).toBe(400)
  })

  it.each([
    { from: 'fast-drill', drill: true as const, frozen: ['drill', 'fast-drill', 'second-drill'] },
    { from: 'fast-real', drill: undefined, frozen: ['en', 'fast-real', 'real'] },
  ])('a key that is too fast in $from is frozen on that side only', async ({ from, drill, frozen }) => {
    await system.createFeed({
      id: from,
      lang: 'en',
      ...(drill && { drill }),
      policy: { ...openPolicy, releasesPerMinute: 2 },
    })
    const made = await post('/v1/keys', { name: from, role: 'editor' })
    const headers = { ...system.authorization, Authorization: `Bearer ${String(made.body.key)}` }
    const codes: unknown[] = []
    for (const text of ['One line', 'A second thing', 'Something else happened'])
      codes.push(
        (await post(`/v1/feeds/${from}/headlines`, { text, urgency: 'bulletin' }, headers)).body.code,
      )
    expect(codes).toEqual([undefined, undefined, 'key-frozen'])
    const keysFrozenIn = async () => {
      const found: string[] = []
      for (const feed of ['drill', 'en', 'fast-drill', 'fast-real', 'real', 'second-drill'])
        if (
          (await system.store.redis.hexists(
            system.store.keys.feed(feed).frozenKeys,
            String(made.body.id),
          )) === 1
        )
          found.push(feed)
      return found
    }
    await eventually('the key is frozen', 20_000, async () => (await keysFrozenIn()).length >= 3)
    expect(await keysFrozenIn()).toEqual(frozen)
    // The key goes on across the border.
    const other = drill ? 'real' : 'drill'
    expect(
      (await post(`/v1/feeds/${other}/headlines`, { text: `Goes on beside ${from}` }, headers)).status,
    ).toBe(201)
  })
})

async function post(path: string, body: object, headers: Record<string, string> = system.authorization) {
  const answer = await fetch(system.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
