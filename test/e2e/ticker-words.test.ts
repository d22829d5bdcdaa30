import { describe, expect, it } from '@jest/globals'
import { localeOf } from '../../src/protocol/locale-of.ts'
import { eventually } from '../support/eventually.ts'
import type { System } from '../support/system.ts'
import { scriptTag, type TickerSite, type TickerPage, type Visit } from '../support/ticker-site.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

const LIMIT_MS = 10_000

let system: System
let site: TickerSite
withTickerSite((opened) => ({ system, site } = opened))

let feeds = 0
async function feedIn(lang: string, presentation?: object): Promise<string> {
  const feed = `${lang.toLowerCase()}-${++feeds}`
  await system.createFeed({ id: feed, lang })
  await system.serves(feed)
  if (presentation) await present(feed, presentation, 0)
  return feed
}

async function present(feed: string, presentation: object, seen: number): Promise<void> {
  const answer = await fetch(`${system.url}/v1/feeds/${feed}/presentation`, {
    method: 'PUT',
    headers: { ...system.authorization, 'If-Match': `"${seen}"` },
    body: JSON.stringify(presentation),
  })
  expect(await answer.json()).toMatchObject({ version: seen + 1 })
  await eventually('the gateway has it', LIMIT_MS, async () => {
    const words = await fetch(`${system.url}/v1/feeds/${feed}/words`)
    return ((await words.json()) as { version: number }).version === seen + 1
  })
}

function open(feed: string, attributes = 'mode="list"', visit?: Visit): Promise<TickerPage> {
  return site.visit(
    `<flashline-ticker feed="${feed}" ${attributes}></flashline-ticker>${scriptTag(system.url)}`,
    visit,
  )
}

const textOf = (page: TickerPage, selector: string): Promise<string> =>
  page.inside(`root.querySelector('${selector}')?.textContent ?? ''`)
/** The first headlines may show a moment before the words of their language or feed are there. */
const says = (page: TickerPage, selector: string, text: string | RegExp): Promise<unknown> =>
  eventually(`${selector} says ${text}`, LIMIT_MS, async () => {
    const now = await textOf(page, selector)
    return typeof text === 'string' ? now === text : text.test(now)
  })
const requestsOf = (paths: string[]) => async (raw: TickerPage['raw']) =>
  raw.on('request', (request) => paths.push(new URL(request.url()).pathname))

describe('a ticker of a feed with words of its own', () => {
  const own = { words: { flash: 'Just in', label: 'Newsroom', hide: 'Put away', updated: 'Mended' } }

  it('has them, and loads them once', async () => {
    const feed = await feedIn('en', own)
    const [event] = await system.publish(feed, [{ text: 'Bridge closed', urgency: 'flash' }])
    const paths: string[] = []
    const page = await open(feed, undefined, { prepare: requestsOf(paths) })
    await page.shows(['Bridge closed'])
    await says(page, '.urgency', 'Just in')
    expect(await page.inside('root.querySelector("slot[name=label]").textContent')).toBe('Newsroom')
    expect(await page.inside('root.querySelector(".hide").title')).toBe('Put away')
    expect(await page.inside('root.querySelector(".pause").title')).toBe('Pause')
    expect(paths.filter((path) => path.endsWith('/words'))).toHaveLength(1)

    await system.correct(feed, event!.headline, 'Bridge shut')
    await page.shows(['Bridge shut'])
    expect(await textOf(page, '.updated')).toMatch(/^Mended \d\d:\d\d$/)
    expect(await page.inside('root.querySelector(".correction")')).toBeNull()
    expect(page.faults).toEqual([])
  })

  it('has the usual ones in another language', async () => {
    const feed = await feedIn('en', own)
    await system.publish(feed, [{ text: 'Bridge closed', urgency: 'flash' }])
    const page = await open(feed, 'mode="list" lang="de"')
    await page.shows(['Bridge closed'])
    await says(page, '.urgency', 'Blitz')
  })

  it.each([
    ['does not load', 'status 500', { status: 500, body: '' }],
    ['does not fit', 'flash is no word', { json: { words: { flash: 7 }, labels: {} } }],
  ])('has the usual ones when the table %s, and the console says so once', async (_name, reason, answer) => {
    const feed = await feedIn('en', own)
    await system.publish(feed, [{ text: 'Bridge closed', urgency: 'flash' }])
    const page = await open(feed, undefined, {
      prepare: (raw) =>
        raw.route('**/words', (route) =>
          route.fulfill({ ...answer, headers: { 'Access-Control-Allow-Origin': '*' } }),
        ),
    })
    await page.shows(['Bridge closed'])
    expect(await textOf(page, '.urgency')).toBe('Flash')
    const said = () => page.faults.filter((fault) => fault.startsWith('flashline'))
    await eventually('the console says so', LIMIT_MS, () => Promise.resolve(said().length > 0))
    expect(said()).toEqual([
      `flashline: the usual words show, ${system.url}/v1/feeds/${feed}/words cannot be used: ${reason}`,
    ])
  })

  it('has those that the newsroom sets while it is open', async () => {
    const feed = await feedIn('en')
    await system.publish(feed, [{ text: 'Bridge closed', urgency: 'flash' }])
    const page = await open(feed)
    await page.shows(['Bridge closed'])
    await says(page, '.urgency', 'Flash')
    await present(feed, own, 0)
    await says(page, '.urgency', 'Just in')
    expect(await page.inside('root.querySelector(".hide").title')).toBe('Put away')
    await present(feed, {}, 1)
    await says(page, '.urgency', 'Flash')
    expect(page.sockets).toHaveLength(1)
    expect(page.faults).toEqual([])
  })

  it('loads nothing where the feed has none', async () => {
    const feed = await feedIn('en')
    await system.publish(feed, ['Bridge closed'])
    const paths: string[] = []
    const page = await open(feed, undefined, { prepare: requestsOf(paths) })
    await page.shows(['Bridge closed'])
    expect(paths.filter((path) => path.includes('words'))).toEqual([])
  })
})

describe('a ticker whose language is not known yet', () => {
  const english = /Breaking|Pause|Play|Previous|Next|Hide/
  const heard = (page: TickerPage) => page.ticker().ariaSnapshot()

  it('says nothing in English while it connects', async () => {
    const feed = await feedIn('ar')
    const page = await open(feed, '', { prepare: (raw) => raw.routeWebSocket(/live/, () => undefined) })
    await eventually('it is defined', LIMIT_MS, () =>
      page.inside('root?.querySelector(".hide") !== undefined'),
    )
    expect(await page.ticker().locator('.ticker').isVisible()).toBe(true)
    expect(await heard(page)).not.toMatch(english)
  })

  it('says nothing in English while the words of the language are loaded', async () => {
    const feed = await feedIn('ar')
    await system.publish(feed, ['أُغلق الجسر', 'فُتح الجسر'])
    let letThrough = (): void => undefined
    const loaded = new Promise<void>((resolve) => (letThrough = resolve))
    const page = await open(feed, '', {
      prepare: (raw) =>
        raw.route('**/languages-*.js', async (route) => {
          await loaded
          await route.continue()
        }),
    })
    await eventually('it is live', LIMIT_MS, () => page.inside('ticker.dataset.state === "live"'))
    expect(await heard(page)).not.toMatch(english)
    expect(
      await page.inside('root.querySelector(".label slot").checkVisibility({ visibilityProperty: true })'),
    ).toBe(false)
    letThrough()
    await page.shows(['فُتح الجسر'])
    expect(await heard(page)).toMatch(/إخفاء/)
  })

  it('is drawn once, also where it begins again while its words are on their way', async () => {
    const feed = await feedIn('ar')
    await system.publish(feed, ['فُتح الجسر'])
    // With `cache` a ticker begins again when this browser's memory is loaded.
    const page = await open(feed, 'lang="ar" cache', {
      prepare: async (raw) => {
        const asked = raw.waitForRequest(/\/languages-/)
        const begun = raw.waitForResponse(/\/memory-/)
        await raw.route('**/memory-*', async (route) => {
          await asked
          await route.continue()
        })
        await raw.route('**/languages-*', async (route) => {
          await (await begun).finished()
          await route.continue()
        })
      },
    })
    await page.shows(['فُتح الجسر'])
    expect(await page.inside('root.querySelectorAll("[part=ticker]").length')).toBe(1)
    expect(await page.inside('root.lastElementChild.hidden')).toBe(true)
  })

  it('says in the language of the page that a feed is not available', async () => {
    const page = await open('no-such-feed', '', {
      prepare: (raw) =>
        raw.addInitScript(
          'document.addEventListener("readystatechange", () => (document.documentElement.lang = "ar"))',
        ),
    })
    await says(page, '.notice', 'غير متاح')
    expect(await heard(page)).not.toMatch(english)
  })
})

describe('the digits of a ticker', () => {
  it.each([
    { lang: 'ar', numbering: undefined, digits: /^\d+\/\d+$/ },
    { lang: 'ar', numbering: 'arab', digits: /^[٠-٩]+\/[٠-٩]+$/ },
    { lang: 'fa', numbering: undefined, digits: /^[۰-۹]+\/[۰-۹]+$/ },
    { lang: 'fa', numbering: 'latn', digits: /^\d+\/\d+$/ },
  ])('are those of the feed: $lang, $numbering', async ({ lang, numbering, digits }) => {
    const feed = await feedIn(lang, numbering === undefined ? undefined : { numbering })
    await system.publish(feed, ['Bridge closed'])
    const page = await open(feed, 'mode="strip"')
    await page.shows(['Bridge closed'])
    await says(page, '.count', digits)
  })

  it('are the same in Node and in Chromium', async () => {
    const page = await site.visit('<p>')
    const instants = ['2026-03-14T14:05:00.000Z', '2026-02-01T09:30:00.000Z']
    for (const lang of ['ar', 'ar-EG', 'fa', 'en'])
      for (const numbering of [undefined, 'latn', ...(lang === 'en' ? [] : ['arab', 'arabext'])]) {
        const locale = localeOf(lang, numbering)
        const digitsOf = (text: string) => text.replaceAll(/\P{Nd}+/gu, ' ')
        const inNode = instants.map((instant) =>
          digitsOf(new Intl.DateTimeFormat(locale, clockOptions).format(Date.parse(instant))),
        )
        const inChromium = await page.raw.evaluate<string[]>(
          `${JSON.stringify(instants)}.map((each) =>
            new Intl.DateTimeFormat('${locale}', ${JSON.stringify(clockOptions)}).format(Date.parse(each)))`,
        )
        expect([locale, inChromium.map(digitsOf)]).toEqual([locale, inNode])
      }
  })
})

const clockOptions = {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
} as const
