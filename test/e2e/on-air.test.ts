import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { webFolder } from '../../src/platform/web-folder.ts'
import { startBuiltService, type BuiltService } from '../support/built-service.ts'
import { openChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { ografHost, PixelReader } from '../support/on-air-host.ts'
import { openOtherSite, type OtherSite } from '../support/other-site.ts'

const LIMIT_MS = 15_000
const viewport = { width: 1920, height: 1080 }
/** The safe margin of 5 %, and one row of 7 %. */
const BAND = { left: 96, right: 1823, top: 950, bottom: 1025 }
const template = pathToFileURL(`${webFolder('on-air')}flashline.html`).href

/** Posts and withdraws. */
let desk: BuiltService
/** The server of the outputs, with the same data. */
let server: BuiltService
let browser: Browser
let site: OtherSite
let pixels: PixelReader
/** The key of an output that a page from a file is. */
let key: string

beforeAll(async () => {
  ;[browser, site] = await Promise.all([openChromium(), openOtherSite()])
  const REDIS_PREFIX = `on-air-${randomBytes(6).toString('hex')}`
  desk = await startBuiltService({ REDIS_PREFIX })
  await desk.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
  await desk.createFeed({ id: 'ar', title: 'عاجل', lang: 'ar' })
  server = await startBuiltService({ REDIS_PREFIX, ALLOWED_ORIGINS: site.origin })
  key = (await newOutput()).key
}, 60_000)

afterEach(async () => {
  const withoutReader = browser.contexts().filter((context) => !context.pages().includes(readerPage!))
  for (const context of withoutReader) await context.close()
  for (const feed of ['en', 'ar']) await clear(feed)
})

afterAll(async () => {
  await Promise.all([browser.close(), desk.stop(), server.stop()])
  site.close()
}, 60_000)

let readerPage: Page | undefined
beforeAll(async () => {
  readerPage = await browser.newPage()
  pixels = new PixelReader(readerPage)
})

async function newOutput(): Promise<{ id: string; key: string }> {
  const call = async (path: string, body: object) => {
    const headers = { Authorization: `Bearer ${desk.key}`, 'Content-Type': 'application/json' }
    const answer = await fetch(`${desk.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await answer.json()) as { id: string; key: string }
  }
  const output = { name: 'Studio 1', contact: 'gallery', feeds: ['en'], onAir: true }
  const { id } = await call('/v1/partners', output)
  return { id, key: (await call(`/v1/partners/${id}/keys`, {})).key }
}

/** The words that are on air now, as the newsroom reads them. */
async function asRun(feed: string) {
  const address = `${desk.url}/v1/feeds/${feed}/as-run?at=${new Date().toISOString()}`
  const answer = await fetch(address, { headers: { Authorization: `Bearer ${desk.key}` } })
  const lines = (await answer.text()).split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as { text?: string; last?: string })
}

async function clear(feed: string): Promise<void> {
  const answer = await fetch(`${desk.url}/v1/feeds/${feed}`)
  const { strip } = (await answer.json()) as { strip: { id: string }[] }
  for (const { id } of strip) await desk.withdraw(feed, { id, etag: '' }, {})
}

async function newPage(): Promise<Page> {
  const page = await (await browser.newContext({ viewport, locale: 'en-GB' })).newPage()
  page.setDefaultTimeout(LIMIT_MS)
  return page
}

/** Loads the graphic in a host, without playing it. */
async function loaded(data: Record<string, unknown>): Promise<Page> {
  const page = await newPage()
  await page.goto(site.page(ografHost))
  const all = JSON.stringify({ framesPerSecond: 50, ...data })
  await page.evaluate(`host.load('${server.url}/on-air/flashline.ograf.json', ${all})`)
  return page
}

/** Waits until lines are measured and placed, then moves them into the picture. */
async function inPicture(page: Page, text: string, frames = 60): Promise<void> {
  await eventually(`"${text}" is placed`, LIMIT_MS, () =>
    page.evaluate<boolean>(`host.frame(), host.items().some((item) => item.textContent.includes('${text}'))`),
  )
  await page.evaluate(`for (let n = 0; n < ${frames}; n++) host.frame()`)
}

const texts = (page: Page) => page.evaluate<string[]>(`host.items().map((item) => item.textContent)`)

describe('the graphic in an OGraf host', () => {
  it('paints nothing before it is played and after it is stopped, and stays within its box', async () => {
    await desk.post('en', { text: 'Bridge closed after fire', urgency: 'flash' })
    const page = await loaded({ feed: 'en' })
    await page.evaluate(`for (let n = 0; n < 50; n++) host.frame()`)
    expect(await pixels.painted(page)).toBeUndefined()
    expect(await page.evaluate(`graphic.playAction({})`)).toEqual({ statusCode: 200, currentStep: 0 })
    await inPicture(page, 'Bridge closed after fire')
    expect(await pixels.painted(page)).toEqual(BAND)
    await page.evaluate(`graphic.stopAction({})`)
    expect(await pixels.painted(page)).toBeUndefined()
    await page.evaluate(`graphic.playAction({})`)
    await inPicture(page, 'Bridge closed after fire')
    expect(await pixels.painted(page)).toEqual(BAND)
    await page.evaluate(`graphic.remove(), graphic.dispose({})`)
    expect(await pixels.painted(page)).toBeUndefined()
  })

  it.each([
    ['en', 'Talks go on', -1],
    ['ar', 'تستمر المحادثات', 1],
  ])('moves the lines of %s by equal whole pixels while the strip changes', async (feed, text, direction) => {
    for (let n = 0; n < 5; n++) await desk.post(feed, { text: `${text} ${n} ${text} ${n}` })
    const page = await loaded({ feed })
    await page.evaluate(`graphic.playAction({})`)
    await inPicture(page, text, 0)
    await page.evaluate(`globalThis.steps = new Set(); globalThis.entries = []; globalThis.run = (count) => {
      for (let n = 0; n < count; n++) {
        const before = new Map(host.items().map((item) => [item, item.getBoundingClientRect().left]))
        host.frame()
        for (const item of host.items()) {
          const { left, right } = item.getBoundingClientRect()
          if (before.has(item)) steps.add(left - before.get(item))
          else entries.push([left, right])
        }
      }
    }`)
    const withdrawn = await desk.post(feed, { text: `${text} withdrawn` })
    const corrected = await desk.post(feed, { text: `${text} wrong` })
    const acts = [
      () => desk.post(feed, { text: `${text} new`, urgency: 'flash' }),
      () => desk.correct(feed, corrected, { text: `${text} right, and a good deal longer than before` }),
      () => desk.withdraw(feed, withdrawn, {}),
    ]
    for (const act of [...acts, undefined, undefined]) {
      await page.evaluate(`run(200)`)
      await act?.()
      // A real frame, in which new lines are measured.
      await page.evaluate(`new Promise((done) => setTimeout(() => requestAnimationFrame(() => done()), 300))`)
    }
    const steps = await page.evaluate<number[]>(`[...steps]`)
    expect(steps).toHaveLength(1)
    expect(Number.isInteger(steps[0])).toBe(true)
    expect(Math.sign(steps[0]!)).toBe(direction)
    // Lines enter outside of the view: behind its right edge, or in front of its left one.
    const { left, right } = await page.evaluate<DOMRectLike>(
      `graphic.shadowRoot.querySelector('.view').getBoundingClientRect().toJSON()`,
    )
    const entries = await page.evaluate<[number, number][]>(`entries`)
    expect(entries.length).toBeGreaterThan(3)
    for (const [from, to] of entries)
      expect(direction < 0 ? from >= right + steps[0]! : to <= left + steps[0]!).toBe(true)
    expect(await page.evaluate(`shifts`)).toBe(0)
  })

  it('takes a withdrawn line out of the picture in the middle of its way, without a frame', async () => {
    const first = await desk.post('en', { text: 'Withdrawn in a moment', urgency: 'routine' })
    await desk.post('en', { text: 'Stays' })
    const page = await loaded({ feed: 'en' })
    await page.evaluate(`graphic.playAction({})`)
    await inPicture(page, 'Withdrawn in a moment', 150)
    const place = `JSON.stringify(host.items().find((item) => item.textContent.includes('Withdrawn'))?.getBoundingClientRect())`
    const { x, y, width, height } = JSON.parse(await page.evaluate<string>(place)) as Box
    const others = `JSON.stringify(host.items().filter((item) => item.textContent.includes('Stays')).map((item) => item.getBoundingClientRect().left).filter((left) => left < ${BAND.right}))`
    const before = await page.evaluate(others)
    // No part outside of the view, which has another colour.
    const clip = { x: Math.ceil(x), y, width: Math.floor(Math.min(width, BAND.right - x)), height }
    expect(await pixels.colours(page, clip)).toBeGreaterThan(5)
    await desk.withdraw('en', first, {})
    await eventually('its pixels are gone', LIMIT_MS, async () => (await pixels.colours(page, clip)) === 1)
    expect(await page.evaluate(others)).toBe(before)
  })

  it('names data that does not fit, and leaves the picture as it is', async () => {
    await desk.post('en', { text: 'Still there' })
    const page = await loaded({ feed: 'en' })
    await page.evaluate(`graphic.playAction({})`)
    await inPicture(page, 'Still there')
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    const unfit = { theme: { colours: { text: '#ffffff80' } } }
    expect(await page.evaluate(`graphic.updateAction({ data: ${JSON.stringify(unfit)} })`)).toEqual({
      statusCode: 400,
      statusMessage: 'theme.colours.text does not fit',
    })
    await eventually('it is named', LIMIT_MS, () => said.some((line) => line.includes('theme.colours.text')))
    expect(await texts(page)).toContainEqual(expect.stringContaining('Still there'))
    expect(await pixels.painted(page)).toEqual(BAND)
    const wider = { safeMarginPercent: 10 }
    await page.evaluate(`graphic.updateAction({ data: ${JSON.stringify(wider)} })`)
    expect(await pixels.painted(page)).toMatchObject({ left: 192, right: 1727, bottom: 971 })
  })

  it('joins Arabic letters as in one piece of text, in the typeface of the package', async () => {
    const text = 'لجنة التحقيق تستمع إلى الشهود'
    await desk.post('ar', { text, urgency: 'routine' })
    const page = await loaded({ feed: 'ar' })
    await page.evaluate(`graphic.playAction({})`)
    await inPicture(page, text, 250)
    const item = `host.items().find((each) => each.textContent.includes('${text}'))`
    const { x, y, width, height } = JSON.parse(
      await page.evaluate<string>(`JSON.stringify(${item}.getBoundingClientRect())`),
    ) as Box
    const clip = { x: Math.max(96, Math.floor(x)), y, width: Math.floor(width), height }
    const drawn = await page.screenshot({ clip })
    await page.evaluate(`(() => {
      const item = ${item}
      const separator = item.querySelector('.separator')
      item.replaceChildren('${text}', separator)
    })()`)
    expect((await page.screenshot({ clip })).equals(drawn)).toBe(true)
    // Letters of their own, which are wider or narrower, show that the comparison sees a joint.
    await page.evaluate(`${item}.firstChild.data = [...'${text}'].join('\\u200c')`)
    expect((await page.screenshot({ clip })).equals(drawn)).toBe(false)
    const faces = await page.evaluate<string[]>(
      `[...document.fonts].map(({ family, status }) => family + ' ' + status)`,
    )
    expect(faces).toContain('On Air Arabic loaded')
  })

  it('shows one line at a time, in pages, and the breaking strap only as long as its label', async () => {
    const long = Array.from({ length: 40 }, (_, n) => `word${n}`).join(' ')
    await desk.post('en', { text: long, urgency: 'routine' })
    const page = await loaded({ feed: 'en', look: 'flip' })
    await page.evaluate(`graphic.playAction({})`)
    const shown = `[...graphic.shadowRoot.querySelectorAll('.page')].map((page) => page.textContent).join(' | ')`
    await eventually('the first page shows', LIMIT_MS, async () =>
      (await page.evaluate<string>(shown)).includes('word0 '),
    )
    const pages = [await page.evaluate<string>(shown)]
    for (let n = 0; n < 2_000 && !pages.at(-1)!.includes('word39'); n++) {
      await page.evaluate(`host.frame()`)
      const now = await page.evaluate<string>(shown)
      if (!now.includes('|') && now !== pages.at(-1)) pages.push(now)
    }
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.join(' ')).toBe(long)

    await page.evaluate(`graphic.customAction({ id: 'look', payload: { look: 'strap' } })`)
    expect(await pixels.painted(page)).toBeUndefined()
    const flash = await desk.post('en', { text: 'Prime minister resigns', urgency: 'flash' })
    await eventually('the strap shows', LIMIT_MS, async () =>
      (await page.evaluate<string>(shown)).includes('resigns'),
    )
    expect(await pixels.painted(page)).toEqual({ ...BAND, top: BAND.bottom - 3 * 76 + 1 })
    await desk.withdraw('en', flash, {})
    await eventually('it is off', LIMIT_MS, async () => (await pixels.painted(page)) === undefined)
  })
})

describe('the template', () => {
  const band = (page: Page) =>
    page.evaluate<string>(
      `document.querySelector('flashline-on-air').shadowRoot.querySelector('.belt')?.textContent ?? ''`,
    )
  const shows = (page: Page, text: string) =>
    eventually(`"${text}" shows`, LIMIT_MS, async () => (await nudged(page)).includes(text))
  /** The text of the picture. The page hears that the network is there: the wait before a new attempt is shorter then. */
  const nudged = async (page: Page) => {
    await page.evaluate(`dispatchEvent(new Event('online'))`)
    return band(page)
  }

  it('starts without the server, survives a reload without it, and drops what was withdrawn meanwhile', async () => {
    const first = await desk.post('en', { text: 'Withdrawn while the server is away' })
    await desk.post('en', { text: 'Stays on air' })
    const page = await newPage()
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    await server.restart(async () => {
      await page.goto(template)
      await page.evaluate(`update('${JSON.stringify({ server: server.url, feed: 'en', key })}'), play()`)
      await page.evaluate(`new Promise((done) => setTimeout(done, 1_000))`)
      expect(await pixels.painted(page)).toBeUndefined()
    })
    await shows(page, 'Withdrawn while the server is away')
    await server.restart(async () => {
      await page.reload()
      await shows(page, 'Withdrawn while the server is away')
      await desk.withdraw('en', first, {})
    })
    await eventually('it is gone', LIMIT_MS, async () => !(await nudged(page)).includes('Withdrawn'))
    await shows(page, 'Stays on air')
    expect(faults).toEqual([])
    await page.evaluate(`stop()`)
    await eventually('the picture is empty', LIMIT_MS, async () => (await pixels.painted(page)) === undefined)
  }, 60_000)

  it('takes the XML of CasparCG clients, and names data that is none', async () => {
    const { id } = await desk.post('en', { text: 'By XML for $5 & more' })
    const page = await newPage()
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    await page.goto(template)
    const field = (id: string, value: string) =>
      `<componentData id="${id}"><data id="text" value="${value}"/></componentData>`
    const xml = `<templateData>${field('server', server.url)}${field('feed', 'en')}${field('key', key)}</templateData>`
    await page.evaluate(`update('{'), update('${xml}'), play()`)
    await shows(page, 'By XML for $5 & more')
    expect(said).toContainEqual(expect.stringContaining('neither JSON nor XML'))
    const ofLine = async () => (await asRun('en')).find(({ text }) => text === 'By XML for $5 & more')
    const painting = await eventually('the first frame is reported', LIMIT_MS, ofLine)
    expect(painting).toMatchObject({ name: 'Studio 1', headline: id, version: 1 })
    expect(painting.last).toBeUndefined()
    await page.evaluate(`remove()`)
    await eventually('the picture is empty', LIMIT_MS, async () => (await pixels.painted(page)) === undefined)
    await eventually('the last frame is reported', LIMIT_MS, async () => (await ofLine()) === undefined)
  })

  it('is empty when the key of its output is revoked', async () => {
    await desk.post('en', { text: 'Until the key ends' })
    const output = await newOutput()
    const page = await newPage()
    await page.goto(template)
    await page.evaluate(
      `update('${JSON.stringify({ server: server.url, feed: 'en', key: output.key })}'), play()`,
    )
    await shows(page, 'Until the key ends')
    const headers = { Authorization: `Bearer ${desk.key}` }
    await fetch(`${desk.url}/v1/partners/${output.id}`, { method: 'DELETE', headers })
    // Browsers say nothing about a WebSocket that is refused: the client learns the reason by its next transport.
    await eventually('the picture is empty', 2 * LIMIT_MS, async () => (await band(page)) === '')
    expect(await pixels.painted(page)).toBeUndefined()
  }, 60_000)
})

it('the page /on-air/{feed} plays by itself, within its policy', async () => {
  await desk.post('en', { text: 'In a browser source' })
  const page = await newPage()
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  await page.goto(`${server.url}/on-air/en?look=crawl`)
  await page.locator('.belt').getByText('In a browser source').first().waitFor({ state: 'attached' })
  expect(await pixels.painted(page)).toEqual(BAND)
  expect(said).toEqual([])
  const missing = await newPage()
  await missing.goto(`${server.url}/on-air/no-such-feed`)
  await missing.locator('flashline-on-air').waitFor({ state: 'attached' })
  expect(await pixels.painted(missing)).toBeUndefined()
})

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface DOMRectLike {
  readonly left: number
  readonly right: number
}
