import type { BuiltService } from '../support/built-service.ts'
import { eventually } from '../support/eventually.ts'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import type { Browser, Locator, Page, WebSocketRoute } from 'playwright-core'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

const SHOWN_LIMIT_MS = 15_000

describe('the page', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await service.createFeed({ id: 'ar', title: 'العربية', lang: 'ar' })
  })

  it('shows a line that is posted while it is open', async () => {
    const page = await openPage(browser, service.url)
    const text = unique('Bridge closed')

    await service.post('en', { text, speaker: 'The mayor', urgency: 'flash', link: 'https://example.org/a' })

    const line = page.line('en', text)
    await line.waitFor()
    expect(await line.locator('.flashline-headline').textContent()).toBe(`The mayor: ${text}`)
    expect(await line.locator('.flashline-urgency').textContent()).toBe('Flash')
    expect(await line.locator('a').getAttribute('href')).toBe('https://example.org/a')
    expect(await line.locator('a').getAttribute('rel')).toBe('noopener noreferrer')
    expect(await line.locator('time').first().getAttribute('datetime')).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
    expect(page.faults).toEqual([])
  })

  it('replaces a corrected line in its place', async () => {
    const [older, wrong, newer] = [unique('Older'), unique('Wrong'), unique('Newer')]
    await service.post('en', { text: older })
    const posted = await service.post('en', { text: wrong })
    await service.post('en', { text: newer })
    const page = await openPage(browser, service.url)
    await page.line('en', wrong).waitFor()

    const right = unique('Right')
    await service.correct('en', posted, { text: right, note: 'A number was wrong.' })

    const line = page.line('en', right)
    await line.waitFor()
    expect(await line.locator('.flashline-correction').textContent()).toMatch(
      /^Corrected \d\d:\d\d.*A number was wrong\.$/,
    )
    expect((await page.texts('en')).slice(0, 3)).toEqual([newer, right, older])
    expect(page.faults).toEqual([])
  })

  it('removes a withdrawn line', async () => {
    const [stays, goes] = [unique('Stays'), unique('Goes')]
    await service.post('en', { text: stays })
    const posted = await service.post('en', { text: goes })
    const page = await openPage(browser, service.url)
    await page.line('en', goes).waitFor()

    await service.withdraw('en', posted, { reason: 'not true', note: 'It was not true.' })

    await page.line('en', goes).waitFor({ state: 'detached' })
    expect((await page.texts('en')).at(0)).toBe(stays)
    expect(await page.raw.content()).not.toContain(goes)
    expect(page.faults).toEqual([])
  })

  it('shows the Arabic feed from right to left', async () => {
    const text = 'إغلاق الجسر'
    await service.post('ar', { text, urgency: 'urgent' })
    const page = await openPage(browser, service.url)
    const line = page.line('ar', text)
    await line.waitFor()

    expect(await page.card('ar').getAttribute('lang')).toBe('ar')
    expect(await line.locator('.flashline-urgency').textContent()).toBe('مهم')
    const { direction, before, after } = await gapsOfText(page.raw, '[data-feed="ar"] .flashline-headline')
    expect(direction).toBe('rtl')
    expect(after).toBeLessThan(2)
    expect(before).toBeGreaterThan(20)
    expect(page.faults).toEqual([])
  })

  it('shows hostile text as text', async () => {
    const attack = `<img src=x onerror="window.attacked=1"><script>window.attacked=2</script> ${unique('')}`
    const posted = await service.post('en', {
      text: attack,
      speaker: '<b>Speaker</b>',
      source: '<i>source</i>',
    })
    await service.correct('en', posted, { text: attack, note: '<svg onload="window.attacked=3">' })

    const page = await openPage(browser, service.url)
    const line = page.line('en', attack)
    await line.waitFor()

    expect(await line.locator('.flashline-headline').textContent()).toBe(`<b>Speaker</b>: ${attack}`)
    expect(await line.locator('img, script, b, i, svg').count()).toBe(0)
    expect(await page.raw.evaluate('window.attacked')).toBeUndefined()
    expect(page.faults).toEqual([])
  })

  it('shows a feed that is created while it is open', async () => {
    const page = await openPage(browser, service.url, (raw) => raw.clock.install())
    const id = `new-${randomBytes(4).toString('hex')}`

    await service.createFeed({ id, title: '<b>Neu</b>', lang: 'de' })
    // The page may read the list before its gateway knows the feed, and then again 15 s later.
    await eventually('the card is there', 15_000, async () => {
      // A jump of the clock during a handshake would end it, and the browser would log an error.
      if ((await page.raw.locator('.feed:not([data-status="live"])').count()) > 0) return false
      await page.raw.clock.fastForward(15_000)
      return page.card(id).isVisible()
    })

    expect(await page.card(id).locator('h2').textContent()).toBe('<b>Neu</b>')
    expect(page.faults).toEqual([])
  })

  it('gets exactly the events that it missed while its connection was cut', async () => {
    const [first, goes] = [unique('First'), unique('Goes')]
    await service.post('en', { text: first })
    const posted = await service.post('en', { text: goes })
    const wire = new Wire()
    const page = await openPage(browser, service.url, (raw) => wire.connect(raw))
    await page.line('en', goes).waitFor()

    await wire.cut()
    await page.card('en').and(page.raw.locator(':not([data-status="live"])')).waitFor()
    await service.withdraw('en', posted, { reason: 'not true' })
    const [second, third] = [unique('Second'), unique('Third')]
    await service.post('en', { text: second })
    await service.post('en', { text: third })
    wire.mend()

    await page.line('en', third).waitFor()
    expect((await page.texts('en')).slice(0, 3)).toEqual([third, second, first])
    // The first reset is the only one: the page has resumed from its position.
    expect(wire.frames('en').filter((type) => type === 'reset')).toHaveLength(1)
    expect(page.faults).toEqual([])
  })

  it('continues after a restart of the service without losing or repeating a line', async () => {
    const [first, second, third] = [unique('First'), unique('Second'), unique('Third')]
    await service.post('en', { text: first })
    const page = await openPage(browser, service.url)
    await page.line('en', first).waitFor()
    await page.raw.evaluate('window.sameDocument = true')

    await service.restart(async () => {
      await page.card('en').and(page.raw.locator(':not([data-status="live"])')).waitFor()
      expect(await page.texts('en')).toContain(first)
    })
    await service.post('en', { text: second })
    await page.line('en', second).waitFor({ timeout: 30_000 })
    await service.post('en', { text: third })
    await page.line('en', third).waitFor()

    const texts = await page.texts('en')
    expect(texts.slice(0, 3)).toEqual([third, second, first])
    expect(new Set(texts).size).toBe(texts.length)
    expect(await page.raw.evaluate('window.sameDocument')).toBe(true)
    // A browser logs every refused connection to its console: no other error may be there.
    const refused = /ERR_CONNECTION|WebSocket connection to|status of 503/
    expect(page.faults.filter((fault) => !refused.test(fault))).toEqual([])
  }, 90_000)
})

interface OpenPage {
  readonly raw: Page
  /** Console errors, uncaught errors and violations of the content security policy. */
  readonly faults: readonly string[]
  readonly card: (feed: string) => Locator
  readonly line: (feed: string, text: string) => Locator
  /** The texts of a feed's lines, from top to bottom. */
  readonly texts: (feed: string) => Promise<string[]>
}

async function openPage(
  browser: Browser,
  url: string,
  prepare: (raw: Page) => Promise<void> = () => Promise.resolve(),
): Promise<OpenPage> {
  const raw = await browser.newPage()
  await prepare(raw)
  raw.setDefaultTimeout(SHOWN_LIMIT_MS)
  const faults: string[] = []
  raw.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text())
  })
  raw.on('pageerror', (error) => faults.push(String(error)))
  await raw.exposeFunction('reportFault', (fault: string) => faults.push(fault))
  await raw.addInitScript(
    `addEventListener('securitypolicyviolation', (e) => reportFault('CSP ' + e.effectiveDirective + ' ' + e.blockedURI))`,
  )
  const answer = await raw.goto(url)
  expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'")
  const card = (feed: string): Locator => raw.locator(`[data-feed="${feed}"]`)
  await card('en').and(raw.locator('[data-status="live"]')).waitFor()
  return {
    raw,
    faults,
    card,
    line: (feed, text) => card(feed).locator('.flashline-line').filter({ hasText: text }),
    texts: (feed) => card(feed).locator('.flashline-text').allTextContents(),
  }
}

/** The network between the page and the service, which tests cut and restore. */
class Wire {
  private readonly open = new Set<WebSocketRoute>()
  private readonly heard: { feed: string; type: string }[] = []
  private whole = true

  async connect(raw: Page): Promise<void> {
    await raw.routeWebSocket(/\/live/, (route) => {
      if (!this.whole) return void route.close({ code: 4000 })
      this.open.add(route)
      const feed = /feeds\/([^/]+)\/live/.exec(route.url())?.[1] ?? ''
      const server = route.connectToServer()
      server.onMessage((message) => {
        this.heard.push({ feed, type: (JSON.parse(String(message)) as { type: string }).type })
        route.send(message)
      })
    })
  }

  async cut(): Promise<void> {
    this.whole = false
    for (const route of this.open) await route.close({ code: 4000 })
    this.open.clear()
  }

  mend(): void {
    this.whole = true
  }

  /** The types of the frames that were sent to the page. */
  frames(feed: string): string[] {
    return this.heard.filter((frame) => frame.feed === feed).map(({ type }) => type)
  }
}

/** The gaps between the text and the two edges of its line, in CSS pixels. */
function gapsOfText(page: Page, selector: string) {
  return page.evaluate<{ direction: string; before: number; after: number }>(`(() => {
    const box = document.querySelector(${JSON.stringify(selector)})
    const range = document.createRange()
    range.selectNodeContents(box)
    const [text, outer] = [range.getBoundingClientRect(), box.getBoundingClientRect()]
    const { direction } = getComputedStyle(box)
    return { direction, before: text.left - outer.left, after: outer.right - text.right }
  })()`)
}

function unique(text: string): string {
  return `${text} ${randomBytes(6).toString('hex')}`
}
