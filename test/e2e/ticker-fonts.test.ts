import { describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { eventually } from '../support/eventually.ts'
import type { System } from '../support/system.ts'
import { scriptTag, type TickerSite, type TickerPage, type Visit } from '../support/ticker-site.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

const LIMIT_MS = 10_000

let browser: Browser
let system: System
let site: TickerSite
withTickerSite(async (opened) => {
  ;({ browser, system, site } = opened)
  await system.createFeed({ id: 'arabic', lang: 'ar' })
  await system.createFeed({ id: 'turkish', lang: 'tr' })
  await Promise.all(['arabic', 'turkish'].map((feed) => system.serves(feed)))
  await system.publish('en', [{ text: 'Bridge closed', urgency: 'flash' }, 'Second headline'])
  await system.publish('arabic', [{ text: 'إغلاق الجسر', urgency: 'flash' }])
  await system.publish('turkish', ['Köprü kapatıldı ğüş'])
})

interface Sight extends TickerPage {
  /** Paths of the faces that the page has asked for. */
  readonly faces: readonly string[]
}

async function open(feed: string, attributes: string, visit: Visit = {}): Promise<Sight> {
  const faces: string[] = []
  const page = await site.visit(
    `<style>flashline-ticker { display: block } flashline-ticker:not(:defined) { block-size: 320px }</style>
    <p>Above</p><flashline-ticker feed="${feed}" mode="list" ${attributes}></flashline-ticker><p>Below</p>` +
      scriptTag(system.url),
    {
      ...visit,
      prepare: async (raw) => {
        raw.on('request', (request) => {
          if (/woff2|fonts/.test(request.url())) faces.push(new URL(request.url()).pathname)
        })
        await raw.addInitScript(`
          window.shift = 0
          new PerformanceObserver((list) => {
            for (const { value } of list.getEntries()) window.shift += value
          }).observe({ type: 'layout-shift', buffered: true })`)
        await visit.prepare?.(raw)
      },
    },
  )
  return { ...page, faces }
}

/** The faces in which Chromium has drawn the text of an element inside the ticker. */
async function drawnIn(page: TickerPage, selector: string): Promise<string[]> {
  const client = await page.raw.context().newCDPSession(page.raw)
  await client.send('DOM.enable')
  await client.send('CSS.enable')
  const { result } = await client.send('Runtime.evaluate', {
    expression: `document.querySelector('flashline-ticker').shadowRoot.querySelector('${selector}')`,
  })
  await client.send('DOM.getDocument')
  const { nodeId } = await client.send('DOM.requestNode', { objectId: result.objectId ?? '' })
  const { fonts } = await client.send('CSS.getPlatformFontsForNode', { nodeId })
  return fonts.map(({ familyName, isCustomFont }) => (isCustomFont ? familyName : 'the system'))
}

const shift = (page: TickerPage): Promise<number> => page.raw.evaluate('window.shift')

describe('a ticker with font="own"', () => {
  it.each([
    { feed: 'en', text: 'Second headline', faces: ['source-sans-3-latin'], family: 'Source Sans 3' },
    {
      feed: 'arabic',
      text: 'إغلاق الجسر',
      faces: ['source-sans-3-latin', 'vazirmatn-arabic'],
      family: 'Vazirmatn',
    },
    {
      feed: 'turkish',
      text: 'Köprü kapatıldı ğüş',
      faces: ['source-sans-3-latin', 'source-sans-3-latin-ext'],
      family: 'Source Sans 3',
    },
  ])('shows the headlines of $feed in the faces of this server, and nothing moves', async (sample) => {
    // The direction is known from the start, so that only the faces could move something.
    const around = sample.feed === 'arabic' ? 'dir="rtl" lang="ar"' : ''
    const page = await open(sample.feed, `font="own" ${around}`)
    await page.shows(sample.feed === 'en' ? ['Second headline', 'Bridge closed'] : [sample.text])
    await eventually('the faces are asked for', LIMIT_MS, () =>
      Promise.resolve(page.faces.length >= sample.faces.length),
    )
    const names = page.faces.map((path) => /\/widget\/(.*)-[0-9a-f]{16}\.woff2$/.exec(path)?.[1])
    expect([...new Set(names)].sort()).toEqual(sample.faces)
    const drawn = await drawnIn(page, '.headline bdi')
    expect(drawn).toContainEqual(expect.stringMatching(`^${sample.family}`))
    expect(drawn).not.toContain('the system')
    expect(await shift(page)).toBe(0)
    expect(page.faults).toEqual([])
  })

  it('needs nothing more in the policy of the page', async () => {
    const policy = `default-src 'none'; script-src ${system.url}; connect-src ${system.url} ${system.url.replace('http', 'ws')}`
    const page = await open('en', 'font="own"', {
      headers: { 'Content-Security-Policy': policy },
      prepare: (raw) => raw.addInitScript(''),
    })
    await page.shows(['Second headline', 'Bridge closed'])
    expect(await drawnIn(page, '.headline bdi')).toEqual([expect.stringMatching(/^Source Sans/)])
    expect(page.faults.filter((fault) => /font/i.test(fault))).toEqual([])
  })

  it('shows the usual face, and says so once, when the file cannot be loaded', async () => {
    const page = await open('en', 'font="own"', {
      prepare: (raw) => raw.route('**/*.woff2', (route) => route.abort()),
    })
    await page.shows(['Second headline', 'Bridge closed'])
    const said = () => page.faults.filter((fault) => fault.startsWith('flashline-ticker'))
    await eventually('the console says so', LIMIT_MS, () => Promise.resolve(said().length > 0))
    expect(said()).toEqual([
      expect.stringMatching(/^flashline-ticker: the usual typeface shows, .*\.woff2 cannot be loaded$/),
    ])
    expect(await drawnIn(page, '.headline bdi')).toEqual(['the system'])
    expect(await shift(page)).toBe(0)
  })

  it('leaves a face that comes late to the next visit', async () => {
    let goOn = (): void => undefined
    const held = new Promise<void>((resolve) => (goOn = resolve))
    const page = await open('en', 'font="own"', {
      prepare: (raw) =>
        raw.route('**/*.woff2', async (route) => {
          await held
          await route.continue()
        }),
    })
    await page.shows(['Second headline', 'Bridge closed'])
    const arrived = page.raw.waitForResponse(/woff2/)
    goOn()
    await (await arrived).finished()
    expect(await drawnIn(page, '.headline bdi')).toEqual(['the system'])
    expect(await shift(page)).toBe(0)
  })
})

it.each(['', 'font="system"'])('a ticker with "%s" asks for no face', async (attributes) => {
  const page = await open('en', attributes)
  await page.shows(['Second headline', 'Bridge closed'])
  expect(page.faces).toEqual([])
  expect(await drawnIn(page, '.headline bdi')).toEqual(['the system'])
})

describe('a frame', () => {
  it.each([
    ['with JavaScript', true],
    ['without JavaScript', false],
  ])('asks for the faces only where it is told to, %s', async (_name, javaScriptEnabled) => {
    const asked = async (query: string): Promise<string[]> => {
      const context = await browser.newContext({ javaScriptEnabled })
      const page = await context.newPage()
      const [faces, faults]: [string[], string[]] = [[], []]
      page.on('request', (request) => {
        if (request.url().endsWith('woff2')) faces.push(request.url())
      })
      page.on('console', (message) => faults.push(message.text()))
      await page.goto(`${system.url}/embed/arabic${query}`, { waitUntil: 'networkidle' })
      expect(faults).toEqual([])
      return faces
    }
    expect(await asked('')).toEqual([])
    expect((await asked('?font=own')).join()).toContain('vazirmatn-arabic')
  })
})
