import { beforeEach, describe, expect, it } from '@jest/globals'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import type { EventFrame } from '../../src/protocol/frames.ts'
import { eventually } from '../support/eventually.ts'
import { scriptTag, type TickerSite, type TickerPage, type Visit } from '../support/ticker-site.ts'
import type { System } from '../support/system.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

const LIMIT_MS = 15_000

let system: System
let site: TickerSite
withTickerSite((opened) => ({ system, site } = opened))

let feeds = 0
let feed = ''
/** Each test has a feed of its own, in Arabic where it says so. */
async function newFeed(lang = 'en'): Promise<string> {
  feed = `${lang}-${++feeds}`
  await system.createFeed({ id: feed, lang })
  await system.serves(feed)
  return feed
}
beforeEach(() => newFeed())

function open(attributes = '', visit?: Visit, inside = ''): Promise<TickerPage> {
  const tag = `<flashline-ticker feed="${feed}" ${attributes}>${inside}</flashline-ticker>`
  return site.visit(`<h1>News</h1>${tag}${scriptTag(system.url)}`, visit)
}

const publish = (...lines: (string | object)[]): Promise<EventFrame[]> => system.publish(feed, lines)
const withClock = { prepare: (raw: Page) => raw.clock.install() }

describe('a strip', () => {
  it('shows one line at a time, the newest first, and repeats from the start by itself', async () => {
    await publish('One', 'Two', 'Three')
    const page = await open('', withClock)
    await page.shows(['Three'])
    expect(await page.ticker().locator('.count').textContent()).toBe('1/3')
    for (const text of ['Two', 'One', 'Three']) {
      await page.raw.clock.runFor(7_000)
      await page.shows([text])
    }
  })

  it('shows a new line at once', async () => {
    await publish('One', 'Two')
    const page = await open()
    await page.shows(['Two'])
    await publish('Three')
    await page.shows(['Three'])
  })

  it('goes back and forward by its buttons, which the keyboard reaches in their order', async () => {
    await publish('One', { text: 'Two', link: 'https://example.org/two' })
    const page = await open('', { ...withClock })
    await page.shows(['Two'])
    const focused: string[] = []
    for (let n = 0; n < 5; n++) {
      await page.raw.keyboard.press('Tab')
      focused.push(await page.inside('root.activeElement.title || root.activeElement.textContent'))
    }
    expect(focused).toEqual(['Two', 'Previous', 'Pause', 'Next', 'Hide'])
    await page.ticker().getByRole('button', { name: 'Next' }).press('Enter')
    await page.shows(['One'])
    await page.ticker().getByRole('button', { name: 'Previous' }).press('Space')
    await page.shows(['Two'])
  })

  it('stops while it is paused, while the pointer is on it and while a link in it has the focus', async () => {
    await publish('One', { text: 'Two', link: 'https://example.org/two' })
    const page = await open('', withClock)
    await page.shows(['Two'])
    const passes = async (): Promise<string[]> => {
      await page.raw.clock.runFor(20_000)
      return page.texts()
    }
    await page.ticker().getByRole('button', { name: 'Pause' }).click()
    expect(await passes()).toEqual(['Two'])
    await page.ticker().getByRole('button', { name: 'Play' }).click()
    await page.ticker().locator('.headline').hover()
    expect(await passes()).toEqual(['Two'])
    await page.raw.mouse.move(0, 0)
    // Only a focus that shows counts: by the keyboard, not by a click.
    await page.raw.keyboard.press('Shift+Tab')
    await page.raw.keyboard.press('Shift+Tab')
    expect(await page.inside('root.activeElement.textContent')).toBe('Two')
    expect(await passes()).toEqual(['Two'])
    await page.inside('root.activeElement.blur()')
    await page.raw.clock.runFor(7_000)
    await page.shows(['One'])
  })
})

it.each(['strip', 'list'])('a flash shows in the frame after its message, in a %s', async (mode) => {
  await publish('One')
  const page = await open(`mode="${mode}"`, {
    prepare: (raw) =>
      raw.addInitScript(`window.shown = []
        window.WebSocket = class extends WebSocket {
          set onmessage(listener) {
            super.onmessage = (message) => {
              listener(message)
              if (message.data.includes('Now'))
                requestAnimationFrame(() =>
                  shown.push(document.querySelector('flashline-ticker').shadowRoot.textContent.includes('Now')))
            }
          }
        }`),
  })
  await page.shows(['One'])
  // The part for announcements comes with the first event, and the headline does not wait for it.
  await page.raw.route('**/after-events-*', () => undefined)
  await publish({ text: 'Now', urgency: 'flash' })
  await eventually('the frame is there', LIMIT_MS, () => page.raw.evaluate<boolean>('shown.length > 0'))
  expect(await page.raw.evaluate('shown')).toEqual([true])
})

describe('a pause', () => {
  it('holds new lines back, and shows corrections and withdrawals at once, in place', async () => {
    const [first, second] = await publish('First', 'Secnd', 'Third')
    const page = await open('mode="list"')
    await page.shows(['Third', 'Secnd', 'First'])
    await page.ticker().getByRole('button', { name: 'Pause' }).click()

    await publish('Fourth')
    await system.correct(feed, second!.headline, 'Second', { note: 'A letter was missing.' })
    await system.withdraw(feed, first!.headline)
    await page.shows(['Third', 'Second'])
    expect(await page.ticker().locator('.notice').textContent()).toBe('New lines: 1')
    expect(await page.ticker().locator('.correction').textContent()).toMatch(
      /^Corrected \d\d:\d\d A letter was missing\.$/,
    )

    await page.ticker().getByRole('button', { name: 'Play' }).click()
    await page.shows(['Fourth', 'Third', 'Second'])
    expect(page.faults).toEqual([])
  })

  it('does not keep a withdrawn line in the strip, whichever line shows', async () => {
    const [, , wrong] = await publish('One', 'Two', 'Wrong')
    const page = await open()
    await page.shows(['Wrong'])
    await page.ticker().getByRole('button', { name: 'Pause' }).click()
    await system.withdraw(feed, wrong!.headline)
    await page.ticker().locator('.removed').waitFor()
    expect(await page.inside('root.innerHTML')).not.toContain('Wrong')
    await page.ticker().getByRole('button', { name: 'Next' }).click()
    await page.shows(['Two'])
  })
})

describe('a crawl', () => {
  const shift = "new DOMMatrix(getComputedStyle(root.querySelector('.lines')).transform).e"

  it.each([
    { lang: 'en', towards: -1 },
    { lang: 'ar', towards: 1 },
  ])(
    'moves by transform to where reading begins ($lang), and stops for a pause',
    async ({ lang, towards }) => {
      await newFeed(lang)
      await publish('One', 'Two', 'Three')
      const page = await open('mode="crawl"')
      await page.shows(['Three', 'Two', 'One'])
      await eventually('it moves', LIMIT_MS, () => page.inside<boolean>('root.getAnimations().length > 0'))
      const before = await page.inside<number>(shift)
      expect(Math.sign(before)).toBe(-towards)
      await eventually(
        'it has moved',
        LIMIT_MS,
        async () => ((await page.inside<number>(shift)) - before) * towards > 10,
      )
      await page.ticker().locator('.pause').click()
      expect(await page.inside('root.getAnimations().map(({ playState }) => playState)')).toEqual(['paused'])
      await page.ticker().locator('.next').click()
      expect(await page.inside('root.getAnimations().map(({ playState }) => playState)')).toEqual(['paused'])
      expect(page.faults).toEqual([])
    },
  )

  it('does not jump when a line is added or removed', async () => {
    const [, second] = await publish('One', 'Two', 'Three')
    const page = await open('mode="crawl"')
    await page.shows(['Three', 'Two', 'One'])
    await eventually('it moves', LIMIT_MS, () => page.inside<boolean>('root.getAnimations().length > 0'))
    await page.ticker().locator('.next').click()
    const place = "root.querySelector('.line:last-child').getBoundingClientRect().left"
    const before = await page.inside<number>(place)
    await publish('Four')
    await page.shows(['Four', 'Three', 'Two', 'One'])
    // At most the movement of one second.
    expect(Math.abs((await page.inside<number>(place)) - before)).toBeLessThan(120)
    await system.withdraw(feed, second!.headline)
    await page.shows(['Four', 'Three', 'One'])
  })

  it('is a strip without movement if the reader prefers reduced motion', async () => {
    await publish('One', 'Two')
    const page = await open('mode="crawl"', { reducedMotion: 'reduce' })
    await page.shows(['Two'])
    expect(await page.inside('root.getAnimations().length')).toBe(0)
  })
})

describe('an Arabic ticker', () => {
  it('is right to left, with its labels in Arabic and foreign words in their own direction', async () => {
    await newFeed('ar')
    await publish({ text: 'إغلاق جسر Tarrow 12 بعد شرخ', speaker: 'رئيسة البلدية', urgency: 'flash' })
    await publish({ text: 'Bridge closed', lang: 'en', urgency: 'flash' })
    const page = await open('mode="list"')
    await page.shows(['Bridge closed', 'رئيسة البلدية: إغلاق جسر Tarrow 12 بعد شرخ'])
    expect(await page.ticker().locator('.urgency').last().textContent()).toBe('عاجل')
    expect(await page.ticker().getByRole('button', { name: 'إيقاف مؤقت' }).count()).toBe(1)
    const { label, hide } = await page.inside<{ label: number; hide: number }>(
      `({ label: root.querySelector('.label').getBoundingClientRect().left,
          hide: root.querySelector('.hide').getBoundingClientRect().left })`,
    )
    expect(label).toBeGreaterThan(hide)
    expect(await page.inside("root.querySelector('[lang=en]').dir")).toBe('ltr')
    expect(page.faults).toEqual([])
  })
})

describe('an announcement to screen readers', () => {
  const announced = (page: TickerPage) => page.ticker().locator('[role=status]').textContent()
  /** The page's time goes on: the part that announces is loaded with the first event. */
  const says = (page: TickerPage, wanted: string) =>
    eventually(`it says "${wanted}"`, LIMIT_MS, async () => {
      await page.raw.clock.runFor(1_000)
      return (await announced(page)) === wanted
    })

  it('has an urgent line, at most every 20 seconds, and only the number of several lines', async () => {
    await publish('Before')
    const page = await open('', withClock)
    await page.shows(['Before'])
    await publish({ text: 'Nothing much', urgency: 'routine' }, { text: 'First', urgency: 'flash' })
    await page.shows(['First'])
    await says(page, 'Flash: First')
    await page.raw.clock.runFor(6_000)
    expect(await announced(page)).toBe('')

    await publish('Second', 'Third')
    await page.shows(['Third'])
    await page.raw.clock.runFor(10_000)
    expect(await announced(page)).toBe('')
    await page.raw.clock.runFor(5_000)
    expect(await announced(page)).toBe('New lines: 2')
    expect(await page.inside("root.querySelectorAll('[aria-live], [role=alert]').length")).toBe(0)
  })

  it('also tells that an announced line was withdrawn', async () => {
    const page = await open('', withClock)
    const [wrong] = await publish({ text: 'Wrong', urgency: 'flash' })
    await page.shows(['Wrong'])
    await says(page, 'Flash: Wrong')
    await system.withdraw(feed, wrong!.headline)
    await page.shows([])
    expect(await announced(page)).toBe('')
    await page.raw.clock.runFor(20_000)
    expect(await announced(page)).toMatch(/^Withdrawn \d\d:\d\d$/)
  })

  it('is in the language of the words, and names the language of a line in another one', async () => {
    const page = await open('', withClock)
    await publish({ text: 'Puente cerrado', speaker: 'Alcaldía', urgency: 'flash', lang: 'es-MX' })
    await page.shows(['Alcaldía: Puente cerrado'])
    await says(page, 'Flash: Spanish: Alcaldía: Puente cerrado')
    expect(await page.inside("root.querySelector('[role=status]').lang")).toBe('en')

    await newFeed('ne')
    const nepali = await open('lang="en"', withClock)
    await publish({ text: 'पुल बन्द', urgency: 'flash' })
    await nepali.shows(['पुल बन्द'])
    await says(nepali, 'Flash: Nepali: पुल बन्द')
  })

  it('is made by one of several tickers, once', async () => {
    const two = `<flashline-ticker feed="${feed}"></flashline-ticker>`.repeat(2)
    const page = await site.visit(two + scriptTag(system.url), withClock)
    await publish({ text: 'First', urgency: 'flash' })
    await Promise.all([page.shows(['First'], 0), page.shows(['First'], 1)])
    const all = () => page.raw.locator('flashline-ticker [role=status]').allTextContents()
    await eventually('one says it', LIMIT_MS, async () => {
      await page.raw.clock.runFor(1_000)
      return (await all()).sort().join('|') === '|Flash: First'
    })
    for (let second = 0; second < 25; second++) {
      await page.raw.clock.runFor(1_000)
      if (second > 5) expect(await all()).toEqual(['', ''])
    }
  })

  it('is not made with announce="off"', async () => {
    const page = await open('announce="off"', withClock)
    await publish({ text: 'First', urgency: 'flash' })
    await page.shows(['First'])
    await page.raw.clock.runFor(2_000)
    expect(await announced(page)).toBe('')
  })
})

it.each([
  { mode: 'strip', theme: 'light', lang: 'en' },
  { mode: 'list', theme: 'light', lang: 'en' },
  { mode: 'crawl', theme: 'light', lang: 'en' },
  { mode: 'strip', theme: 'dark', lang: 'ar' },
  { mode: 'list', theme: 'dark', lang: 'ar' },
  { mode: 'crawl', theme: 'dark', lang: 'ar' },
])(
  'axe finds nothing in a $theme $mode ($lang)',
  async ({ mode, theme, lang }) => {
    await newFeed(lang)
    const [, second] = await publish(
      { text: 'Routine', urgency: 'routine', link: 'https://example.org/' },
      { text: 'Urgent', urgency: 'urgent', speaker: 'Somebody' },
      { text: 'Flash', urgency: 'flash', link: 'https://example.org/' },
    )
    await system.correct(feed, second!.headline, 'Urgently', { note: 'A word.' })
    const page = await open(`mode="${mode}" theme="${theme}"`)
    await page.ticker().locator('.headline').first().waitFor()
    const { violations } = await new AxeBuilder({ page: page.raw }).include('flashline-ticker').analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  },
  30_000,
)

it('accepts every attribute at any time, and shows the default for an invalid value', async () => {
  await publish('One', 'Two', 'Three')
  const page = await open('mode="list" max="2"')
  await page.shows(['Three', 'Two'])
  const set = (name: string, value: string): Promise<unknown> =>
    page.inside(`ticker.setAttribute('${name}', '${value}')`)
  await set('max', 'many')
  await page.shows(['Three', 'Two', 'One'])
  await set('lang', 'es')
  await page.ticker().getByRole('button', { name: 'Pausar' }).waitFor()
  await set('dir', 'rtl')
  expect(
    await page.inside("new Promise((done) => setTimeout(() => done(root.querySelector('.ticker').dir)))"),
  ).toBe('rtl')
  await set('mode', 'sideways')
  await page.shows(['Three'])
  const before = feed
  await newFeed()
  await publish('Elsewhere')
  await set('feed', feed)
  await page.shows(['Elsewhere'])
  await set('feed', before)
  await page.shows(['Three'])
  // The console says each once, however often another attribute changes.
  expect(page.faults).toEqual([
    'flashline-ticker: max="many" is no number from 1 to 50, so 10 counts',
    'flashline-ticker: mode="sideways" is none of strip, list, crawl, so strip counts',
  ])
})

it.each([
  { wrong: 'theme="neon"', said: 'theme="neon" is none of light, dark, auto, so auto counts' },
  { wrong: 'font="comic"', said: 'font="comic" is none of own, so the usual typeface counts' },
  { wrong: 'dir="up"', said: 'dir="up" is none of ltr, rtl, so the direction of the feed counts' },
  {
    wrong: 'announce="all"',
    said: 'announce="all" is none of flash, bulletin, urgent, routine, off, so bulletin counts',
  },
  { wrong: 'notices="soon"', said: 'notices="soon" is no number of minutes, so 5 counts' },
  { wrong: 'max="51"', said: 'max="51" is no number from 1 to 50, so 50 counts' },
  { wrong: 'lang="e n"', said: 'lang="e n" is no language, so en counts' },
])('says in the console that $wrong counts for nothing', async ({ wrong, said }) => {
  await publish('One')
  const page = await open(wrong)
  await page.shows(['One'])
  await eventually('the console has it', LIMIT_MS, () => page.faults.length > 0)
  await page.inside("ticker.setAttribute('section', 'nowhere')")
  await page.shows([])
  expect(page.faults).toEqual([`flashline-ticker: ${said}`])
})

it('says nothing in the console about valid attributes', async () => {
  await publish('One')
  const loaded: string[] = []
  const page = await open(
    'max="7" mode="list" theme="auto" font="" dir="ltr" lang="pl" announce="off" notices="1.5" collapse cache="no"',
    { prepare: async (raw) => void raw.on('request', (request) => loaded.push(request.url())) },
  )
  await page.shows(['One'])
  expect(loaded.filter((url) => url.includes('/complain-'))).toEqual([])
  await page.inside("ticker.setAttribute('max', '07')")
  await page.inside("ticker.setAttribute('section', 'nowhere')")
  await page.shows([])
  expect(page.faults).toEqual([])
})

it('shows only lines that match its filters', async () => {
  await publish(
    { text: 'City flash', section: 'city', urgency: 'flash' },
    { text: 'City routine', section: 'city', urgency: 'routine' },
    { text: 'Sport flash', section: 'sport', regions: ['east'], urgency: 'flash' },
  )
  const page = await open('mode="list" section="city, sport" urgency="bulletin"')
  await page.shows(['Sport flash', 'City flash'])
  await page.inside("ticker.setAttribute('region', 'east')")
  await page.shows(['Sport flash'])
})

it('dispatches each event and status to the page, as copies', async () => {
  await publish('One')
  const page = await open('', {
    prepare: (raw) =>
      raw.addInitScript(`window.heard = []
        addEventListener('flashline:event', ({ detail }) => { heard.push(detail.op); detail.headline.text = 'Forged' })
        addEventListener('flashline:status', ({ detail }) => heard.push(detail.state))`),
  })
  await page.shows(['One'])
  await publish('Two')
  await page.shows(['Two'])
  expect(await page.raw.evaluate('[...new Set(heard)]')).toEqual(['connecting', 'live', 'publish'])
  expect(await page.inside('ticker.dataset.state')).toBe('live')
})

it('hides itself and closes its connection, and comes back when the reader or the page asks', async () => {
  await publish('One')
  const page = await open()
  await page.shows(['One'])
  const noReader = () =>
    eventually(
      'no reader is left',
      LIMIT_MS,
      async () => (await system.metric('sessions{transport="ws"}')) === 0,
    )
  await page.ticker().getByRole('button', { name: 'Hide' }).press('Enter')
  const show = page.ticker().getByRole('button', { name: `Show: Feed ${feed}` })
  await show.waitFor()
  expect(await page.texts()).toEqual([])
  await noReader()
  expect(await page.inside('root.activeElement.className')).toBe('show')
  await page.raw.keyboard.press('Enter')
  await page.shows(['One'])

  await page.inside('ticker.hidden = true')
  expect(await page.ticker().isVisible()).toBe(false)
  await noReader()
  await page.inside('ticker.hidden = false')
  await page.shows(['One'])
  expect(page.faults).toEqual([])
})

it.each([
  { attributes: 'cache', stays: 'stays hidden in the session' },
  { attributes: '', stays: 'shows on the next page' },
])('that the reader has hidden $stays with "$attributes"', async ({ attributes, stays }) => {
  await publish('One')
  const page = await open(attributes)
  await page.shows(['One'])
  await page.ticker().getByRole('button', { name: 'Hide' }).click()
  await page.ticker().locator('.show').waitFor()
  await page.raw.reload()
  if (stays === 'shows on the next page') await page.shows(['One'])
  else {
    await page.ticker().locator('.show').click()
    await page.shows(['One'])
    await page.raw.reload()
    await page.shows(['One'])
    await page.ticker().getByRole('button', { name: 'Hide' }).click()
    await page.ticker().locator('.show').waitFor()
    const kept = () => page.raw.evaluate<number>('sessionStorage.length')
    expect(await kept()).toBe(1)
    await page.inside("ticker.removeAttribute('cache')")
    await eventually('nothing is kept', LIMIT_MS, async () => (await kept()) === 0)
  }
})

describe('without a headline', () => {
  it('does not say "Breaking", and takes no room with `collapse`', async () => {
    const page = await open('collapse notices="0"', {
      prepare: (raw) =>
        raw.addInitScript(
          "window.heard = []; addEventListener('flashline:empty', ({ detail }) => heard.push(detail))",
        ),
    })
    await eventually('it is live', LIMIT_MS, () => page.inside<boolean>("ticker.dataset.state === 'live'"))
    expect(await page.ticker().isVisible()).toBe(false)
    const [line] = await publish('One')
    await page.shows(['One'])
    expect(await page.ticker().isVisible()).toBe(true)
    expect(await page.ticker().getByText('Breaking').isVisible()).toBe(true)
    await system.withdraw(feed, line!.headline)
    await page.ticker().waitFor({ state: 'hidden' })
    expect(await page.raw.evaluate('heard')).toEqual([true, false, true])

    await page.inside("ticker.removeAttribute('collapse')")
    expect(await page.ticker().locator('.label').isVisible()).toBe(false)
    expect(await page.ticker().locator('.notice').innerText()).toBe('No breaking news')
  })
})

it.each([
  { attributes: 'urgency="flush"', filter: 'urgency="flush"' },
  { attributes: 'section="City Hall!"', filter: 'section="city,hall!"' },
])('shows nothing with $attributes, and says so once', async ({ attributes, filter }) => {
  await publish({ text: 'One', urgency: 'flash' })
  const page = await open(attributes, withClock)
  const said = `flashline-ticker: ${system.url} does not know the filter ${filter}, so no headlines show`
  const complaints = () => page.faults.filter((fault) => fault.startsWith('flashline-ticker'))
  await eventually('the console has it', LIMIT_MS, () => complaints().length > 0)
  await page.raw.clock.runFor(150_000)
  expect(complaints()).toEqual([said])
  expect(await page.texts()).toEqual([])
  expect(await page.inside("getComputedStyle(root.querySelector('.label slot')).visibility")).toBe('hidden')
  await page.inside("ticker.setAttribute('urgency', ' Flash '), ticker.removeAttribute('section')")
  await page.shows(['One'])
})

it('marks cached lines of an earlier visit until they are confirmed', async () => {
  await publish('One')
  const page = await open('cache')
  await page.shows(['One'])
  await page.raw.routeWebSocket(/live/, () => undefined)
  await page.raw.reload()
  await page.shows(['One'])
  await page
    .ticker()
    .locator('.notice')
    .filter({ hasText: /^Not confirmed since/ })
    .waitFor()
})

it('shows since when its lines are unconfirmed while the network is away, and continues when it is back', async () => {
  await publish('One')
  const page = await open()
  await page.shows(['One'])
  await page.raw.context().setOffline(true)
  await page
    .ticker()
    .locator('.notice')
    .filter({ hasText: /^Not confirmed since \d\d:\d\d$/ })
    .waitFor()
  const state = () => page.ticker().locator('.label .state').textContent()
  await eventually('the label says it', LIMIT_MS, async () => (await state()) === 'Offline')
  await page.raw.context().setOffline(false)
  await page.ticker().locator('.notice').waitFor({ state: 'hidden' })
  expect(await state()).toBe('')
})
