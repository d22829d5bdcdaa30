import { describe, expect, it } from '@jest/globals'
import type { System } from '../support/system.ts'
import { scriptTag, type TickerSite } from '../support/ticker-site.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

let system: System
let site: TickerSite
withTickerSite((opened) => ({ system, site } = opened))

const graphemes: Record<string, string> = {
  letters: 'W',
  digits: '8',
  Arabic: 'ض',
  Chinese: '鑫',
  Thai: 'ก้',
  Devanagari: 'क्षि',
  emoji: '👩🏽‍🚀',
  'combining marks': 'Z\u030d\u0332\u0489',
  'no-break hyphens': '\u2011',
}

const modes = ['strip', 'list', 'crawl']
let feeds = 0

describe.each(Object.entries(graphemes))('280 graphemes of %s', (_name, grapheme) => {
  it('break no ticker of 200 px', async () => {
    const feed = `long-${++feeds}`
    await system.createFeed({ id: feed, lang: 'en' })
    await system.serves(feed)
    const text = `${grapheme.repeat(279)}.`
    const line = { text, speaker: `${grapheme.repeat(39)}.`, urgency: 'flash' }
    const [posted] = await system.publish(feed, [{ ...line, text: 'x' }])
    await system.correct(feed, posted!.headline, text, { ...line, note: text })
    const tickers = modes.map(
      (mode) => `<flashline-ticker feed="${feed}" mode="${mode}"></flashline-ticker><hr>`,
    )
    const style = '<style>body { margin: 0 } div { inline-size: 200px }</style>'
    const page = await site.visit(`${style}<div>${tickers.join('')}</div>${scriptTag(system.url)}`)
    for (const [n, mode] of modes.entries()) {
      await page.ticker(n).locator('.correction').waitFor()
      const faults = await page.inside<string[]>(
        `(() => {
          const box = ticker.getBoundingClientRect(), wide = []
          const parts = ${JSON.stringify(mode)} === 'crawl'
            ? root.querySelectorAll('.view, .label, .tools')
            : root.querySelectorAll('.view, .label, .tools, .line, .line > *, bdi')
          for (const part of parts) {
            const { left, right } = part.getBoundingClientRect()
            if (left < box.left - 1 || right > box.right + 1) wide.push(part.className + ' is outside')
          }
          const view = root.querySelector('.view')
          if (${JSON.stringify(mode)} !== 'crawl' && view.scrollWidth > view.clientWidth) wide.push('view scrolls')
          if (ticker.scrollWidth > ticker.clientWidth) wide.push('ticker scrolls')
          if (box.width !== 200) wide.push('is ' + box.width + ' px wide')
          if (ticker.nextElementSibling.getBoundingClientRect().top < box.bottom) wide.push('covers the next element')
          return wide
        })()`,
        n,
      )
      expect([mode, faults]).toEqual([mode, []])
    }
    expect(await page.raw.evaluate('document.documentElement.scrollWidth')).toBe(1280)
  })
})
