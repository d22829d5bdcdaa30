import { describe, expect, it } from '@jest/globals'
import { describeFrame, frameAt, oembedAddress } from '../../../../src/gateway/embeds/oembed.ts'
import { frameSandbox } from '../../../../src/protocol/embed.ts'

const origin = 'https://news.example'
const title = { id: 'en', title: 'A "quoted" <title>', lang: 'en', dir: 'ltr' } as const

describe('an address', () => {
  it.each<[string, Record<string, string>]>([
    [`${origin}/embed/en`, {}],
    ['http://news.example/embed/en', {}],
    [`${origin}/embed/en#top`, {}],
    [`${origin}/embed/en?mode=crawl&max=3`, { mode: 'crawl', max: '3' }],
    [`${origin}/embed/en?section=city,world&urgency=flash`, { section: 'city,world', urgency: 'flash' }],
    [`${origin}/embed/en?max=201`, { max: '201' }],
    [`${origin}/embed/en?unknown=1`, { unknown: '1' }],
  ])('%s shows the feed', (address, query) => {
    expect(frameAt(address, origin)).toEqual({ feed: 'en', query })
  })

  it.each([
    'nonsense',
    '/embed/en',
    'ftp://news.example/embed/en',
    'https://evil.example/embed/en',
    'https://news.example:444/embed/en',
    'https://news.example@evil.example/embed/en',
    `${origin}/embed`,
    `${origin}/embed/`,
    `${origin}/embed/EN`,
    `${origin}/embed/desk`,
    `${origin}/embed/en/more`,
    `${origin}/x/embed/en`,
    `${origin}/v1/feeds/en`,
    `${origin}/embed/en?mode=huge`,
    `${origin}/embed/en?max=0`,
    `${origin}/embed/en?max=1.5`,
    `${origin}/embed/en?theme=pink`,
    `${origin}/embed/en?section=A%20b`,
    `${origin}/embed/en?max=1&max=2`,
    `${origin}/embed/en?lang=not_a_language`,
  ])('%s shows none', (address) => {
    expect(frameAt(address, origin)).toBeUndefined()
  })

  it('of a description names the frame', () => {
    const address = oembedAddress(origin, `${origin}/embed/en?max=3&mode=list`)
    const url = new URL(address)
    expect(url.origin + url.pathname).toBe(`${origin}/oembed`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      url: `${origin}/embed/en?max=3&mode=list`,
      format: 'json',
    })
  })
})

describe('the description of a frame', () => {
  it.each([
    [{}, {}, 600, 420],
    [{ mode: 'strip' }, {}, 600, 64],
    [{ mode: 'crawl' }, {}, 600, 64],
    [{}, { maxwidth: 600, maxheight: 420 }, 600, 420],
    [{}, { maxwidth: 599, maxheight: 419 }, 599, 419],
    [{}, { maxwidth: 10_000, maxheight: 10_000 }, 600, 420],
    [{ mode: 'strip' }, { maxwidth: 1, maxheight: 1 }, 1, 1],
  ] as const)('of %j within %j is %i by %i', (query, bounds, width, height) => {
    expect(describeFrame(origin, title, query, bounds)).toMatchObject({
      version: '1.0',
      type: 'rich',
      title: title.title,
      provider_name: 'Flashline',
      provider_url: `${origin}/`,
      cache_age: 3_600,
      width,
      height,
      html: expect.stringContaining(`width="${width}" height="${height}" sandbox="${frameSandbox}"`),
    })
  })

  it('holds the frame with its settings, and the title as text', () => {
    const { html } = describeFrame(origin, title, { max: '3', section: 'city', mode: 'list' }, {})
    expect(html).toMatch(/^<iframe [^<>]*><\/iframe>$/)
    expect(html).toContain(`src="${origin}/embed/en?section=city&amp;max=3&amp;mode=list"`)
    expect(html).toContain('title="A &quot;quoted&quot; &lt;title&gt;"')
  })

  it('names the most headlines that the frame shows', () => {
    expect(describeFrame(origin, title, { max: '201' }, {}).html).toContain('max=50&')
  })
})
