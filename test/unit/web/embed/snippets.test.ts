import { describe, expect, it } from '@jest/globals'
import { fragmentQuery } from '../../../../src/protocol/reader-queries.ts'
import { mostLines, readChoice, ways, writeChoice } from '../../../../web/embed/choice.ts'
import { readManifest } from '../../../../web/embed/read-manifest.ts'
import {
  elementSnippet,
  fragmentAddress,
  frameSnippet,
  shortcodeSnippet,
} from '../../../../web/embed/snippets.ts'
import { readSettings } from '../../../../web/widget/settings.ts'

const origin = 'https://news.example'
const feed = { id: 'en', title: '<b>"Tom" & \'Jerry\'', lang: 'en', dir: 'ltr' } as const
const integrity = `sha384-${'A'.repeat(64)}`

describe('a snippet', () => {
  it('pins the script by its hash', () => {
    const pinned = readManifest({ src: '/widget/ticker-1a2b.js', integrity })
    const text = elementSnippet({ origin, feed, settings: { mode: 'strip' }, pinned })
    expect(text.split('\n')[0]).toBe(
      `<script async src="${origin}/widget/ticker-1a2b.js" integrity="${integrity}" crossorigin="anonymous"></script>`,
    )
    expect(text).toContain(`<flashline-ticker src="${origin}" feed="en" mode="strip">`)
  })

  it('without a hash uses the script that is always the newest', () => {
    const [script] = elementSnippet({ origin, feed, settings: {} }).split('\n')
    expect(script).toBe(`<script async src="${origin}/widget/v1.js"></script>`)
  })

  it('escapes the title of the feed', () => {
    for (const text of [elementSnippet, frameSnippet].map((make) => make({ origin, feed, settings: {} }))) {
      expect(text).not.toContain('<b>')
      expect(text).toContain('&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;')
    }
  })

  it('of the HTML fragment has only the filters and `max`', () => {
    const settings = {
      section: 'city,sport',
      urgency: 'urgent',
      max: 3,
      mode: 'crawl',
      theme: 'dark',
    } as const
    expect(fragmentAddress({ origin, feed, settings })).toBe(
      `${origin}/v1/feeds/en/strip.html?section=city,sport&urgency=urgent&max=3`,
    )
    expect(shortcodeSnippet({ origin, feed, settings })).toBe(
      '[flashline feed="en" section="city,sport" urgency="urgent" max="3" mode="crawl" theme="dark"]',
    )
  })
})

describe('the manifest of the script', () => {
  it.each([
    undefined,
    null,
    [],
    {},
    { src: 'https://evil.example/widget/a.js', integrity },
    { src: '//evil.example/widget/a.js', integrity },
    { src: '/widget/../a.js"', integrity },
    { src: '/widget/a.js', integrity: 'sha256-abc' },
    { src: '/widget/a.js', integrity: `${integrity}" onload="x` },
  ])('is refused as %j', (answer) => {
    expect(readManifest(answer)).toBeUndefined()
  })
})

describe('a choice in a query', () => {
  it.each([
    '?feed=en',
    '?feed=ar&section=city,sport&region=north&urgency=flash&max=5&mode=crawl&theme=dark&dir=rtl&lang=es&notices=0&way=frame&pinned=1',
  ])('is read unchanged: %s', (address) => {
    const { choice, faults } = readChoice(new URLSearchParams(address))
    expect(faults).toEqual({})
    expect(writeChoice(choice)).toBe(address)
  })

  const lines = (max: string): number => readSettings((name) => (name === 'max' ? max : null), '').max
  const includable = (max: number): boolean => fragmentQuery.safeParse({ max: String(max) }).success

  it('has as many headlines as the element and the piece of HTML can show', () => {
    expect([mostLines('element'), mostLines('frame'), mostLines('wordpress')]).toEqual(
      Array<number>(3).fill(lines('1000')),
    )
    expect([includable(mostLines('include')), includable(mostLines('include') + 1)]).toEqual([true, false])
  })

  it.each(ways)('names the most headlines of %s', (way) => {
    const most = mostLines(way)
    const read = (max: number) => readChoice(new URLSearchParams({ feed: 'en', way, max: String(max) }))
    expect(read(most).choice.settings.max).toBe(most)
    expect(read(most + 1)).toMatchObject({
      choice: { settings: { max: undefined } },
      faults: { max: expect.stringContaining(String(most)) },
    })
  })

  it('has no invalid values, and a fault for each', () => {
    const { choice, faults } = readChoice(
      new URLSearchParams(
        'section=A&region=a,b,c,d,e,f,g,h,i,j,k&max=0&mode=x&theme=x&dir=x&lang="&urgency=x&way=x&notices=1.5',
      ),
    )
    expect(Object.keys(faults).sort()).toEqual(['max', 'notices', 'region', 'section'])
    expect(writeChoice(choice)).toBe('?feed=')
  })
})
