import { describe, expect, it } from '@jest/globals'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { scriptTag, type TickerSite, type TickerPage, type Visit } from '../support/ticker-site.ts'
import { systemKey, type System } from '../support/system.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

/** Least contrast of a sign that is no text (WCAG 1.4.11). */
const SIGN_CONTRAST = 3

let browser: Browser
let system: System
let site: TickerSite
withTickerSite((opened) => ({ browser, system, site } = opened))

let feeds = 0
async function feedIn(lang: string): Promise<string> {
  const feed = `${lang.toLowerCase()}-${++feeds}`
  await system.createFeed({ id: feed, lang })
  await system.serves(feed)
  return feed
}

function open(
  feed: string,
  attributes = '',
  visit?: Visit,
  around = (tag: string) => tag,
): Promise<TickerPage> {
  const tag = `<flashline-ticker feed="${feed}" ${attributes}></flashline-ticker>`
  return site.visit(around(tag) + scriptTag(system.url), visit)
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function boxOf(page: TickerPage, selector: string): Promise<Box> {
  return page.inside<Box>(`root.querySelector('${selector}').getBoundingClientRect().toJSON()`)
}

/** Where the first and the last character of an element's text show. */
async function endsOf(page: TickerPage, selector: string): Promise<{ first: Box; last: Box }> {
  return page.inside(`(() => {
    const walker = document.createTreeWalker(root.querySelector('${selector}'), NodeFilter.SHOW_TEXT)
    const node = walker.nextNode()
    const at = (from) => {
      const range = document.createRange()
      range.setStart(node, from)
      range.setEnd(node, from + 1)
      return range.getBoundingClientRect().toJSON()
    }
    return { first: at(0), last: at(node.length - 1) }
  })()`)
}

const onFoot = { urgency: 'flash', speaker: 'BBC' }

describe('the base direction of a line', () => {
  it.each([
    { lang: 'ar', text: 'NASA تعلن اكتشاف كوكب جديد.', attributes: '', towards: 'left' },
    { lang: 'he', text: 'NASA הודיעה על כוכב חדש.', attributes: '', towards: 'left' },
    { lang: 'ur', text: 'BBC کے مطابق NASA نے سیارہ دریافت کیا۔', attributes: '', towards: 'left' },
    { lang: 'ar', text: 'NASA تعلن اكتشاف كوكب جديد.', attributes: 'lang="en"', towards: 'left' },
    { lang: 'en', text: 'Tarrow bridge is closed.', attributes: 'dir="rtl"', towards: 'right' },
  ])(
    'of a feed in $lang is that of its language ($attributes)',
    async ({ lang, text, attributes, towards }) => {
      const feed = await feedIn(lang)
      await system.publish(feed, [{ text, ...onFoot }])
      const page = await open(feed, `${attributes} mode="list"`)
      await page.shows([`BBC: ${text}`])
      const { first, last } = await endsOf(page, '.headline bdi:last-child')
      // The full stop is at the end of the sentence.
      expect(last.left < first.left ? 'left' : 'right').toBe(towards)
      const [speaker, statement] = [
        await boxOf(page, '.speaker'),
        await boxOf(page, '.headline bdi:last-child'),
      ]
      const speakerIsFirst =
        towards === 'left' ? speaker.right >= statement.right : speaker.left <= statement.left
      expect(speakerIsFirst).toBe(true)
    },
  )

  it('of a note is that of its line, in the ticker, in pieces of HTML and on the page', async () => {
    const feed = await feedIn('ar')
    const [line] = await system.publish(feed, [{ text: 'NASA تعلن', ...onFoot }])
    await system.correct(feed, line!.headline, 'NASA تعلن.', { note: 'NASA صححت الرقم.', speaker: 'BBC' })
    const page = await open(feed, 'mode="list" lang="en"')
    await page.ticker().locator('.correction').waitFor()
    const { first, last } = await endsOf(page, '.correction bdi:last-child')
    expect(last.left).toBeLessThan(first.left)
    const answer = await fetch(`${system.url}/v1/feeds/${feed}/strip.html`)
    const html = (await answer.text()).replace(/\s+/g, ' ')
    for (const name of ['speaker', 'text', 'note'])
      expect(html).toMatch(new RegExp(`<bdi class="flashline-${name}"[^>]* dir="rtl"`))
    const board = await browser.newPage()
    await board.goto(system.url)
    const noted = board.locator(`[data-feed="${feed}"] .flashline-note`)
    await noted.waitFor()
    expect(await noted.getAttribute('dir')).toBe('rtl')
    await board.close()
  })

  it('of a line in a language of its own is that of its language', async () => {
    const feed = await feedIn('en')
    await system.publish(feed, [{ text: 'NASA تعلن اكتشاف كوكب جديد.', lang: 'ar', ...onFoot }])
    const page = await open(feed, 'mode="list"')
    await page.ticker().locator('.headline').waitFor()
    const { first, last } = await endsOf(page, '.headline bdi:last-child')
    expect(last.left).toBeLessThan(first.left)
  })
})

describe('the parts of a line', () => {
  it.each([
    { lang: 'ur', attributes: '', text: 'BBC کے مطابق NASA', rtl: true },
    { lang: 'ar', attributes: 'lang="en"', text: 'إغلاق جسر Tarrow 12', rtl: true },
    { lang: 'en', attributes: 'dir="rtl"', text: 'Bridge 12 is closed', rtl: true },
    { lang: 'en', attributes: 'lang="ar"', text: 'Bridge 12 is closed', rtl: false },
  ])('stand in their order and apart ($lang, $attributes)', async ({ lang, attributes, text, rtl }) => {
    const feed = await feedIn(lang)
    const [line] = await system.publish(feed, [{ text: 'x', ...onFoot }])
    await system.correct(feed, line!.headline, text, { note: '12 NASA', speaker: 'BBC', urgency: 'flash' })
    for (const mode of ['strip', 'list', 'crawl']) {
      const page = await open(feed, `${attributes} mode="${mode}"`)
      await page.ticker().locator('.correction').waitFor()
      const order =
        mode === 'list'
          ? ['.urgency', '.time']
          : ['.urgency', '.headline', '.time', ...(mode === 'crawl' ? ['.correction'] : [])]
      const boxes = await Promise.all(order.map((selector) => boxOf(page, selector)))
      const gaps = boxes
        .slice(1)
        .map((box, n) => (rtl ? (boxes[n]?.left ?? 0) - box.right : box.left - (boxes[n]?.right ?? 0)))
      for (const gap of gaps) expect([mode, gap > 4]).toEqual([mode, true])
      const [headline, correction] = [await boxOf(page, '.headline'), await boxOf(page, '.correction')]
      if (mode !== 'crawl') expect(correction.top).toBeGreaterThanOrEqual(headline.bottom - 1)
      await page.raw.context().close()
    }
  })
})

it('differs in size, weight and ground by urgency', async () => {
  const feed = await feedIn('en')
  const texts = ['routine', 'urgent', 'bulletin', 'flash']
  await system.publish(
    feed,
    texts.map((urgency) => ({ text: urgency, urgency })),
  )
  const page = await open(feed, 'mode="list"')
  await page.shows([...texts].reverse())
  const looks = await page.inside<[size: number, weight: number, ground: string][]>(
    `[...root.querySelectorAll('.line')].map((line) => {
      const { fontSize, fontWeight } = getComputedStyle(line.querySelector('.headline'))
      return [parseFloat(fontSize), Number(fontWeight), getComputedStyle(line).backgroundColor]
    })`,
  )
  const [flash, bulletin, urgent, routine] = looks
  expect(flash![0]).toBeGreaterThan(bulletin![0])
  expect(bulletin![0]).toBeGreaterThan(urgent![0])
  expect(urgent![1]).toBeGreaterThan(routine![1])
  expect(flash![2]).not.toBe(bulletin![2])
})

it.each([
  { lang: 'ar', text: 'إغلاق جسر تارو' },
  { lang: 'en', text: 'Tarrow bridge closed' },
])(
  'a strip sets the bar of a flash off from the label, and gives its word room ($lang)',
  async ({ lang, text }) => {
    const feed = await feedIn(lang)
    await system.publish(feed, [{ text, urgency: 'flash' }])
    const page = await open(feed)
    await page.shows([text])
    const [label, line, word] = [
      await boxOf(page, '.label'),
      await boxOf(page, '.line'),
      await boxOf(page, '.urgency'),
    ]
    const gap = lang === 'ar' ? label.left - line.right : line.left - label.right
    expect(gap).toBeGreaterThanOrEqual(3)
    const size = await page.inside<number>(
      'parseFloat(getComputedStyle(root.querySelector(".urgency")).fontSize)',
    )
    expect((word.bottom - word.top) / size).toBeGreaterThanOrEqual(1.45)
  },
)

it('has rows as high as the script of a headline needs', async () => {
  const heights: number[] = []
  for (const lang of ['en', 'ar', 'ur']) {
    const feed = await feedIn(lang)
    await system.publish(feed, ['NASA'])
    const page = await open(feed, 'mode="list"')
    await page.shows(['NASA'])
    heights.push(
      await page.inside(`(() => {
        const { lineHeight, fontSize } = getComputedStyle(root.querySelector('.headline'))
        return parseFloat(lineHeight) / parseFloat(fontSize)
      })()`),
    )
  }
  const [latin = 0, arabic = 0, nastaliq = 0] = heights
  expect(arabic).toBeGreaterThan(latin + 0.1)
  expect(nastaliq).toBeGreaterThan(arabic + 0.1)
})

it('marks a pinned line', async () => {
  const feed = await feedIn('es')
  const [line] = await system.publish(feed, ['Uno'])
  const { id, version } = line!.headline
  const { status } = await fetch(`${system.url}/v1/feeds/${feed}/headlines/${id}/pin`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${systemKey}`, 'If-Match': `"${version}"` },
  })
  expect(status).toBe(200)
  const page = await open(feed, 'mode="list"')
  await page.ticker().locator('.pinned').filter({ hasText: 'Fijado' }).waitFor()
})

describe('an announcement', () => {
  it.each([
    { lang: 'pl', attributes: '', around: 'en', text: 'Flash: Polish: ' },
    { lang: 'ar', attributes: 'lang="es"', around: 'es', text: 'Última hora: árabe: ' },
    { lang: 'fr', attributes: '', around: 'fr', text: 'Flash: ' },
  ])(
    'in a feed in $lang has the line in its language, the words in theirs',
    async ({ lang, attributes, around, text }) => {
      const feed = await feedIn(lang)
      const page = await open(feed, attributes)
      await page.raw.locator('flashline-ticker[data-state=live]').waitFor()
      await system.publish(feed, [{ text: 'Most', urgency: 'flash' }])
      const status = page.ticker().locator('[role=status]')
      await status.filter({ hasText: 'Most' }).waitFor()
      expect(await status.textContent()).toBe(`${text}Most`)
      expect(await status.getAttribute('lang')).toBe(around)
      expect(await status.locator('span').getAttribute('lang')).toBe(lang)
      expect(await page.ticker().locator('.headline').getAttribute('lang')).toBe(lang)
    },
  )
})

describe('forced colours', () => {
  it.each([
    { colorScheme: 'dark', theme: 'light' },
    { colorScheme: 'dark', theme: 'dark' },
    { colorScheme: 'light', theme: 'light' },
    { colorScheme: 'light', theme: 'dark' },
  ] as const)(
    'leave buttons and signs visible ($colorScheme canvas, theme=$theme)',
    async ({ colorScheme, theme }) => {
      const feed = await feedIn('en')
      await system.publish(feed, [
        { text: 'One', urgency: 'routine' },
        { text: 'Two', urgency: 'bulletin' },
      ])
      const page = await open(feed, `theme="${theme}" mode="list"`, { colorScheme, forcedColors: 'active' })
      await page.shows(['Two', 'One'])
      for (const part of ['.pause', '.hide', '.urgency']) {
        const sign = await page.inside<string>(
          `getComputedStyle(root.querySelector('${part}'), '::before').color`,
        )
        const canvas = await page.raw.evaluate<string>(
          `(() => { const d = document.body.appendChild(document.createElement('p')); d.style.background = 'Canvas'; return getComputedStyle(d).backgroundColor })()`,
        )
        const scheme = await page.inside<string>(
          "getComputedStyle(root.querySelector('.ticker')).backgroundColor",
        )
        expect([
          part,
          contrast(sign, canvas) >= SIGN_CONTRAST,
          contrast(sign, scheme) >= SIGN_CONTRAST,
        ]).toEqual([part, true, true])
      }
    },
  )
})

describe('a width of', () => {
  const headlines = ['Short', 'Trains between Tarrow and Port Ellin are cancelled until further notice']

  it.each(
    [200, 320, 768, 1280].flatMap((width) => ['strip', 'list', 'crawl'].map((mode) => ({ width, mode }))),
  )('$width px shows news in a $mode', async ({ width, mode }) => {
    const feed = await feedIn('en')
    await system.publish(feed, headlines)
    const visit = { viewport: { width: Math.max(width, 320), height: 700 } }
    const page = await open(
      feed,
      `mode="${mode}"`,
      visit,
      (tag) => `<style>body{margin:0}</style><div style="inline-size:${width}px">${tag}</div>`,
    )
    await page.ticker().locator('.headline').first().waitFor()
    const [host, view, label] = await Promise.all([
      page.inside<Box>('ticker.getBoundingClientRect().toJSON()'),
      boxOf(page, '.view'),
      boxOf(page, '.label'),
    ])
    expect(view.right - view.left).toBeGreaterThanOrEqual(Math.min(180, width / 2))
    expect(view.bottom - view.top).toBeGreaterThanOrEqual(40)
    // Nothing is outside the ticker.
    for (const part of ['.view', '.tools', '.label']) {
      const box = await boxOf(page, part)
      expect([part, box.left >= host.left - 1 && box.right <= host.right + 1]).toEqual([part, true])
    }
    expect(label.bottom <= view.top + 1).toBe(width <= 640 || mode === 'list')
    if (mode === 'crawl') return
    const shown = await boxOf(page, '.headline')
    expect(shown.top).toBeGreaterThanOrEqual(view.top - 1)
    expect(shown.bottom).toBeLessThanOrEqual(view.bottom + 1)
    if (mode === 'strip' && width <= 640) {
      const hides = (part: string) =>
        page.inside<boolean>(`getComputedStyle(root.querySelector('${part}')).display === 'none'`)
      expect(await Promise.all(['.count', '.previous', '.next', '.pause'].map(hides))).toEqual([
        true,
        true,
        true,
        false,
      ])
    }
  })

  it.each(['strip', 'crawl'])(
    '300 px and a height of 64 px is enough for a frame with a %s',
    async (mode) => {
      const feed = await feedIn('en')
      await system.publish(feed, ['Tarrow bridge is closed'])
      const frame = `<iframe src="${system.url}/embed/${feed}?mode=${mode}" width="300" height="64"></iframe>`
      const { raw } = await site.visit(frame)
      const ticker = raw.frameLocator('iframe').locator('flashline-ticker')
      await ticker.locator('.headline').waitFor()
      const [view, headline, pause] = await Promise.all(
        ['.view', '.headline', '.pause'].map(async (part) => {
          const { y = 0, height = 0 } = (await ticker.locator(part).boundingBox()) ?? {}
          const { y: top = 0 } = (await raw.locator('iframe').boundingBox()) ?? {}
          return { top: y - top, bottom: y - top + height }
        }),
      )
      for (const part of [view, headline, pause]) expect(part?.bottom).toBeLessThanOrEqual(66)
      expect(headline?.top).toBeGreaterThanOrEqual(view?.top ?? Infinity)
    },
  )

  it('a phone makes a strip as high as its line', async () => {
    const feed = await feedIn('en')
    await system.publish(feed, [headlines.join(' ').repeat(3)])
    const page = await open(feed, '', { viewport: { width: 320, height: 700 } })
    await page.ticker().locator('.headline').waitFor()
    const [view, headline] = [await boxOf(page, '.view'), await boxOf(page, '.headline')]
    expect(headline.bottom).toBeLessThanOrEqual(view.bottom)
    expect(view.bottom - headline.bottom).toBeLessThan(24)
  })

  it('with text of twice the size shows the whole line', async () => {
    const feed = await feedIn('en')
    await system.publish(feed, ['Trains to Tarrow are cancelled'])
    const visit = { viewport: { width: 800, height: 700 } }
    const around = (tag: string) =>
      `<style>body { font-size: 32px; --flashline-font-size: 32px }</style>${tag}`
    const page = await open(feed, '', visit, around)
    await page.ticker().locator('.headline').waitFor()
    const [view, headline] = [await boxOf(page, '.view'), await boxOf(page, '.headline')]
    expect(headline.bottom).toBeLessThanOrEqual(view.bottom + 1)
    expect(headline.top).toBeGreaterThanOrEqual(view.top - 1)
  })

  it.each(['strip', 'list', 'crawl'])('none, in vertical text, still shows news in a %s', async (mode) => {
    const feed = await feedIn('en')
    await system.publish(feed, headlines)
    const around = (tag: string) =>
      `<div style="writing-mode:vertical-rl;block-size:900px;inline-size:500px">${tag}</div>`
    const page = await open(feed, `mode="${mode}"`, {}, around)
    await page.ticker().locator('.headline').first().waitFor()
    const view = await boxOf(page, '.view')
    expect(view.right - view.left).toBeGreaterThanOrEqual(180)
    expect(view.bottom - view.top).toBeGreaterThanOrEqual(40)
  })

  it('paper has no buttons, and says the time of the clock', async () => {
    const feed = await feedIn('en')
    await system.publish(feed, headlines)
    for (const mode of ['strip', 'list', 'crawl']) {
      const page = await open(feed, `mode="${mode}"`)
      await page.ticker().locator('.headline').first().waitFor()
      await page.raw.emulateMedia({ media: 'print' })
      expect(await page.ticker().getByRole('button').count()).toBe(0)
      const time = page.ticker().locator('.time').first()
      const printed = await page.inside<string>(
        "getComputedStyle(root.querySelector('.time'), '::after').content",
      )
      expect(printed).toContain(await time.getAttribute('title'))
      expect(await time.getAttribute('title')).toMatch(/^\d\d:\d\d$/)
      expect(await page.inside("getComputedStyle(root.querySelector('.time')).fontSize")).toBe('0px')
      const [line, view] = [await boxOf(page, '.line:last-child'), await boxOf(page, '.view')]
      expect(line.left).toBeGreaterThanOrEqual(view.left - 1)
      expect(line.bottom).toBeLessThanOrEqual(view.bottom + 1)
      await page.raw.context().close()
    }
  })
})

it.each(['light', 'dark'])(
  'axe finds nothing on 200 px, %s',
  async (theme) => {
    const feed = await feedIn('ar')
    await system.publish(feed, [{ text: 'NASA', ...onFoot }])
    for (const mode of ['strip', 'list']) {
      const page = await open(feed, `mode="${mode}" theme="${theme}"`, {
        viewport: { width: 200, height: 500 },
      })
      await page.ticker().locator('.headline').waitFor()
      const { violations } = await new AxeBuilder({ page: page.raw }).include('flashline-ticker').analyze()
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
      await page.raw.context().close()
    }
  },
  30_000,
)

/** WCAG contrast of two colours of the form `rgb(1, 2, 3)`. */
function contrast(one: string, other: string): number {
  const light = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
      const share = Number(part) / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const [bright, dim] = [light(one), light(other)].sort((a, b) => b - a) as [number, number]
  return (bright + 0.05) / (dim + 0.05)
}
