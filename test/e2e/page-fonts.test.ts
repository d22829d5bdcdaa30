import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startBuiltService, type BuiltService } from '../support/built-service.ts'
import { openChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'

const LIMIT_MS = 15_000
/** The state of each connection moves a little beside its words; a headline that is set anew moves more. */
const LEAST_SHIFT = 0.001

let browser: Browser
beforeAll(async () => {
  browser = await openChromium()
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})
afterAll(() => browser.close())

const watchShifts = `
  window.shift = 0
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) window.shift += value
  }).observe({ type: 'layout-shift', buffered: true })`

interface Sight {
  readonly page: Page
  /** Paths of the faces that the page has asked for. */
  readonly faces: readonly string[]
  readonly faults: readonly string[]
  readonly policy: string | undefined
}

async function open(context: BrowserContext, url: string): Promise<Sight> {
  const page = await context.newPage()
  page.setDefaultTimeout(LIMIT_MS)
  const [faces, faults]: [string[], string[]] = [[], []]
  page.on('request', (request) => {
    if (request.url().endsWith('.woff2')) faces.push(new URL(request.url()).pathname)
  })
  page.on('console', (message) => faults.push(message.text()))
  await page.addInitScript(watchShifts)
  const answer = await page.goto(url, { waitUntil: 'networkidle' })
  await page.locator('.feed[data-feed="ar"][data-status="live"]').waitFor()
  return { page, faces, faults, policy: answer?.headers()['content-security-policy'] }
}

/** The faces in which Chromium has drawn an element's text. */
async function drawnIn(page: Page, selector: string): Promise<string[]> {
  const client = await page.context().newCDPSession(page)
  await client.send('DOM.enable')
  await client.send('CSS.enable')
  const { root } = await client.send('DOM.getDocument')
  const { nodeId } = await client.send('DOM.querySelector', { nodeId: root.nodeId, selector })
  const { fonts } = await client.send('CSS.getPlatformFontsForNode', { nodeId })
  return fonts.map(({ familyName, isCustomFont }) => (isCustomFont ? familyName : 'the system'))
}

async function startService(overrides: Record<string, string>): Promise<BuiltService> {
  const service = await startBuiltService(overrides)
  await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
  await service.createFeed({ id: 'ar', title: 'العربية', lang: 'ar' })
  await service.post('en', { text: 'Bridge closed', urgency: 'flash' })
  await service.post('ar', { text: 'إغلاق الجسر' })
  return service
}

describe('the page with PAGE_FONT=own', () => {
  let service: BuiltService
  beforeAll(async () => {
    service = await startService({ PAGE_FONT: 'own' })
  }, 60_000)
  afterAll(() => service.stop())

  it('is set in the faces of this server, and nothing moves when they come', async () => {
    const context = await browser.newContext()
    await eventually('a visit in the faces', LIMIT_MS, async () => {
      const { page, faults, policy } = await open(context, service.url)
      expect(Number(await page.evaluate('window.shift'))).toBeLessThan(LEAST_SHIFT)
      expect(faults).toEqual([])
      expect(policy).toContain("default-src 'none';script-src 'self';style-src 'self'")
      expect(policy).toContain(";font-src 'self';")
      const [latin, arabic] = await Promise.all(
        ['en', 'ar'].map((feed) => drawnIn(page, `[data-feed="${feed}"] .flashline-text`)),
      )
      return String(latin).startsWith('Source Sans 3') && String(arabic).includes('Vazirmatn')
    })
  })

  it('leaves faces that come late to the next visit', async () => {
    const context = await browser.newContext()
    let goOn = (): void => undefined
    const held = new Promise<void>((resolve) => (goOn = resolve))
    const page = await context.newPage()
    await page.route('**/*.woff2', async (route) => {
      await held
      await route.continue()
    })
    await page.addInitScript(watchShifts)
    const asked = page.waitForRequest(/vazirmatn/)
    await page.goto(service.url, { waitUntil: 'domcontentloaded' })
    await page.locator('.feed[data-feed="ar"][data-status="live"]').waitFor()
    const face = await asked
    // The browser waits for such a face for 100 ms after the page is painted.
    await page.evaluate(`new Promise((painted) => {
      new PerformanceObserver(() => setTimeout(painted, 1000)).observe({ type: 'paint', buffered: true })
    })`)
    goOn()
    await (await face.response())?.finished()
    expect(await drawnIn(page, '[data-feed="ar"] .flashline-text')).toEqual(['the system'])
    expect(Number(await page.evaluate('window.shift'))).toBeLessThan(LEAST_SHIFT)
  })

  it('asks for the faces without JavaScript too', async () => {
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    const faces: string[] = []
    page.on('request', (request) => faces.push(new URL(request.url()).pathname))
    await page.goto(service.url, { waitUntil: 'networkidle' })
    expect(faces.join()).toMatch(/\/widget\/source-sans-3-latin-[0-9a-f]{16}\.woff2/)
    expect(faces.join()).toMatch(/\/widget\/vazirmatn-arabic-[0-9a-f]{16}\.woff2/)
  })
})

it('the page asks for no face by default, and its policy allows none', async () => {
  const service = await startService({})
  try {
    const { page, faces, policy } = await open(await browser.newContext(), service.url)
    expect(faces).toEqual([])
    expect(policy).not.toContain('font-src')
    expect(await drawnIn(page, '[data-feed="en"] .flashline-text')).toEqual(['the system'])
  } finally {
    await service.stop()
  }
}, 60_000)
