import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { openStore } from '../../src/eventlog/store/store.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { newId, publish, save } from '../support/changes.ts'
import { Member } from '../support/cluster.ts'
import { createTestFeed, freshPrefix, testRedisUrl } from '../support/redis.ts'

const WIDGET = '/widget/v1.js'
const STRICT =
  "default-src 'none';script-src 'self';style-src 'self';connect-src 'self';img-src 'self' data:;" +
  "base-uri 'none';form-action 'none';frame-ancestors 'none'"
const desktop = { width: 1440, height: 900 }
const phone = { width: 360, height: 740 }
const languages = ['en', 'ar'] as const

let browser: Browser
let gateway: Member

beforeAll(async () => {
  const prefix = freshPrefix()
  await fillFeeds(prefix)
  // The compiled service, since there is no bundle of the ticker beside the sources.
  gateway = new Member('gateway', { REDIS_URL: testRedisUrl, REDIS_PREFIX: prefix, LOG_LEVEL: 'error' })
  const executablePath = process.env.CHROMIUM_PATH ?? ''
  ;[browser] = await Promise.all([
    chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] }),
    gateway.start(),
  ])
}, 60_000)

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})

afterAll(async () => {
  await Promise.all([browser.close(), gateway.stop()])
}, 60_000)

describe('the path /showcase', () => {
  it.each([
    ['ar-EG,ar;q=0.9,en;q=0.5', '/showcase/ar'],
    ['en-GB,ar;q=0.3', '/showcase/en'],
    ['fr,ar;q=0.4,en;q=0.2', '/showcase/ar'],
    ['fr', '/showcase/en'],
    ['*', '/showcase/en'],
  ])('leads a reader who prefers %s to %s', async (accepted, path) => {
    const answer = await fetch(`${gateway.url}/showcase`, {
      redirect: 'manual',
      headers: { 'accept-language': accepted },
    })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe(path)
    expect(answer.headers.get('vary')).toContain('Accept-Language')
  })

  it.each(['/showcase/fr', '/showcase/..%2fpage%2findex.html', '/showcase/pictures', '/showcase/pictures/'])(
    '%s is nothing',
    async (path) => {
      expect((await fetch(gateway.url + path, { redirect: 'manual' })).status).toBe(404)
    },
  )
})

describe.each(languages)('the showcase in %s', (lang) => {
  it('has the strict policy, without a violation or a message in the console', async () => {
    const { page, faults, policy } = await open(lang)
    await seeAll(page)
    expect(policy).toBe(STRICT)
    expect(faults).toEqual([])
  })

  it('has the ticker under the masthead and in the column of the latest news', async () => {
    const { page } = await open(lang)
    const tickers = page.locator('flashline-ticker')
    expect(await tickers.count()).toBe(2)
    for (const [index, mode] of ['strip', 'list'].entries()) {
      const ticker = tickers.nth(index)
      const values = ['feed', 'mode', 'lang'].map((name) => ticker.getAttribute(name))
      expect(await Promise.all(values)).toEqual([`demo-${lang}`, mode, lang])
    }
    const strip = await tickers.first().boundingBox()
    const masthead = await page.locator('.masthead').boundingBox()
    expect(strip!.y - (masthead!.y + masthead!.height)).toBeLessThan(2)
  })

  it.each([360, 768, 1024, 1440])('fits into %i pixels', async (width) => {
    const { page } = await open(lang, { viewport: { width, height: 800 } })
    expect(await overflowing(page)).toEqual([])
  })

  it.each([
    ['desktop', 'light', desktop],
    ['desktop', 'dark', desktop],
    ['phone', 'light', phone],
    ['phone', 'dark', phone],
  ] as const)('has no fault that axe finds: %s, %s', async (_device, colorScheme, viewport) => {
    const { page } = await open(lang, { viewport, colorScheme })
    await seeAll(page)
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([])
  })

  it.each([
    ['desktop', desktop],
    ['phone', phone],
  ] as const)('moves nothing when the ticker comes: %s', async (_device, viewport) => {
    const { page } = await open(lang, { viewport }, (early) =>
      // The script comes late, so that the page is first measured without it.
      early.route(`**${WIDGET}`, async (route) => {
        await early.evaluate(
          "new Promise((seen) => new PerformanceObserver(() => seen()).observe({ type: 'paint', buffered: true }))",
        )
        await route.continue()
      }),
    )
    await seeAll(page)
    expect(await page.evaluate('window.shifts')).toEqual([])
  })

  it.each([
    ['desktop', desktop],
    ['phone', phone],
  ] as const)('is whole without JavaScript: %s', async (_device, viewport) => {
    const { page } = await open(lang, { viewport, javaScriptEnabled: false })
    expect(await page.locator('article').count()).toBeGreaterThan(10)
    for (const article of await page.locator('article').all()) expect(await article.isVisible()).toBe(true)
    for (const ticker of await page.locator('flashline-ticker').all()) {
      expect(await ticker.innerText()).toContain('JavaScript')
      expect((await ticker.boundingBox())!.height).toBeLessThan(80)
    }
    expect(await overflowing(page)).toEqual([])
  })

  it('has a skip link past the masthead as its first focus', async () => {
    const { page } = await open(lang)
    await page.keyboard.press('Tab')
    expect(await page.locator('.skip:focus').count()).toBe(1)
    await page.keyboard.press('Enter')
    expect(await page.locator('main:focus').count()).toBe(1)
  })

  it('has a target for every link', async () => {
    const { page } = await open(lang)
    const hrefs = await page.evaluate<string[]>(
      "[...new Set([...document.links].map((link) => link.getAttribute('href')))]",
    )
    for (const href of hrefs) {
      if (href.startsWith('#')) expect([href, await page.locator(href).count()]).toEqual([href, 1])
      else expect([href, (await fetch(new URL(href, gateway.url))).status]).toEqual([href, 200])
    }
  })
})

it('the Arabic page is laid out from right to left', async () => {
  const { page } = await open('ar', { viewport: desktop })
  const [lead, second, latest] = await Promise.all(
    ['.lead', '.second', '.latest'].map((selector) => page.locator(selector).boundingBox()),
  )
  expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
  expect(lead!.x).toBeGreaterThan(second!.x + second!.width)
  expect(second!.x).toBeGreaterThan(latest!.x + latest!.width)
  const { startsAtRight, spacing, style } = await page.evaluate<{
    startsAtRight: boolean
    spacing: string
    style: string
  }>(`(() => {
    const headline = document.querySelector('.lead > .headline')
    const range = document.createRange()
    range.selectNodeContents(headline)
    const { right } = headline.getBoundingClientRect()
    const startsAtRight = [...range.getClientRects()].every((line) => Math.abs(line.right - right) < 2)
    const { letterSpacing, fontStyle } = getComputedStyle(headline)
    return { startsAtRight, spacing: letterSpacing, style: fontStyle }
  })()`)
  expect(startsAtRight).toBe(true)
  // Letter spacing breaks joined letters, and italics slant them the wrong way.
  expect([spacing, style]).toEqual(['normal', 'normal'])
})

it('the Arabic page has one kind of digits, and no word of another language', async () => {
  const { page } = await open('ar')
  const text = await page.locator('main').innerText()
  expect(text).not.toMatch(/[\u0660-\u0669\u06f0-\u06f9]/)
  expect(text.replaceAll(/JavaScript/g, '')).not.toMatch(/[A-Za-z]/)
})

interface OpenPage {
  readonly page: Page
  readonly policy: string | undefined
  /** Console errors and warnings, uncaught errors, violations of the policy. */
  readonly faults: readonly string[]
}

async function open(
  lang: (typeof languages)[number],
  options: BrowserContextOptions = {},
  prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: desktop, reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return
    const place = message.location().url
    faults.push(`${message.text()} (${place})`)
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.exposeFunction('reportFault', (fault: string) => faults.push(fault))
  await page.addInitScript(`
    addEventListener('securitypolicyviolation', (e) => reportFault('CSP ' + e.effectiveDirective + ' ' + e.blockedURI))
    window.shifts = []
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries())
        shifts.push([value, ...sources.map(({ node }) => node?.className || node?.nodeName)])
    }).observe({ type: 'layout-shift', buffered: true })
  `)
  await prepare(page)
  const answer = await page.goto(`${gateway.url}/showcase/${lang}`, { waitUntil: 'load' })
  return { page, faults, policy: answer?.headers()['content-security-policy'] }
}

/** Scrolls to the end and back, and waits for the lines of each ticker, each picture and the browser's measurements. */
async function seeAll(page: Page): Promise<void> {
  for (const ticker of await page.locator('flashline-ticker').all())
    await ticker.locator('.headline').first().waitFor()
  for (const picture of await page.locator('img').all()) await picture.scrollIntoViewIfNeeded()
  await page.evaluate('Promise.all([...document.images].map((image) => image.decode()))')
  await page.evaluate('scrollTo(0, 0)')
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))')
}

/** The elements that overflow the page's width, except the sections, which scroll in their own row. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const width = document.documentElement.clientWidth
    const wide = [...document.querySelectorAll('body *:not(.unseen, .unseen *, .skip, .sections ul *)')].filter((one) => {
      const { left, right } = one.getBoundingClientRect()
      return left < -0.5 || right > width + 0.5
    })
    const names = wide.map((one) => one.nodeName + '.' + one.className)
    return document.documentElement.scrollWidth > width ? ['the page', ...names] : names
  })()`)
}

async function fillFeeds(prefix: string): Promise<void> {
  const redis = new Redis(testRedisUrl)
  const store = openStore(redis, { prefix, keptEvents: 100 })
  const lines = { en: 'Tarrow Bridge closed after crack is found', ar: 'إغلاق جسر تارو بعد اكتشاف صدع فيه' }
  for (const lang of languages) {
    const feed = `demo-${lang}`
    await createTestFeed(store, { id: feed, title: lang, lang })
    for (let count = 0; count < 12; count++) await save(store, publish(newId(), lines[lang], { feed }))
    await releaseDue(store, feed)
  }
  await redis.quit()
}
