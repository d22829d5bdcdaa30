import { beforeEach, describe, expect, it } from '@jest/globals'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import type { EventFrame } from '../../src/protocol/frames.ts'
import { eventually } from '../support/eventually.ts'
import type { System } from '../support/system.ts'
import { scriptTag, type TickerSite, type TickerPage, type Visit } from '../support/ticker-site.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

const LIMIT_MS = 15_000

let system: System
let site: TickerSite
withTickerSite((opened) => ({ system, site } = opened))

let feeds = 0
let feed = ''
async function newFeed(lang = 'en'): Promise<void> {
  feed = `notices-${++feeds}`
  await system.createFeed({ id: feed, lang })
  await system.serves(feed)
}
beforeEach(() => newFeed())

const withClock = { prepare: (raw: Page) => raw.clock.install() }
const publish = (...lines: (string | object)[]): Promise<EventFrame[]> => system.publish(feed, lines)
const urgent = (text: string) => ({
  text,
  urgency: 'flash',
  speaker: 'Speaker',
  link: 'https://example.org/',
})

function open(attributes = '', visit: Visit = withClock, tickers = 1): Promise<TickerPage> {
  const tag = `<flashline-ticker feed="${feed}" ${attributes}></flashline-ticker>`
  return site.visit(tag.repeat(tickers) + scriptTag(system.url), visit)
}

/** The texts of all items, notices among them; times of day are "0:00". */
async function items(page: TickerPage): Promise<string[]> {
  const texts = await page.inside<string[]>(
    "[...root.querySelectorAll('.line')].map((line) => (line.querySelector('.headline, .removed')).textContent)",
  )
  return texts.map((text) => text.replace(/\d\d:\d\d/, '0:00'))
}

const shows = (page: TickerPage, ...wanted: string[]): Promise<unknown> =>
  eventually(`shows ${wanted.join(' | ')}`, LIMIT_MS, async () => {
    return (await items(page)).join(' | ') === wanted.join(' | ')
  })

/** Everything in the ticker, attributes and hidden parts included. */
const inDom = (page: TickerPage): Promise<string> => page.inside('root.innerHTML + ticker.outerHTML')
const said = (page: TickerPage): Promise<string[]> =>
  page.raw.locator('flashline-ticker [role=status]').allTextContents()
/** The page's time goes on: the part that announces is loaded with the first event. */
const says = (page: TickerPage, ...wanted: string[]): Promise<unknown> =>
  eventually(`says ${wanted.join(' | ')}`, LIMIT_MS, async () => {
    await page.raw.clock.runFor(1_000)
    return (await said(page)).sort().join(' | ') === wanted.join(' | ')
  })

describe('a withdrawn or held line', () => {
  it('leaves a notice in its place of a list, with the note and none of its words, for 5 minutes', async () => {
    const [, second] = await publish('First', urgent('Secret'), 'Third')
    const page = await open('mode="list"')
    await page.shows(['Third', 'Speaker: Secret', 'First'])

    await system.withdraw(feed, second!.headline, { note: 'It was not so.' })
    await shows(page, 'Third', 'Withdrawn 0:00: It was not so.', 'First')
    expect(await inDom(page)).not.toMatch(/Secret|Speaker|example\.org|data-urgency="flash"/)

    await publish('Fourth')
    await shows(page, 'Fourth', 'Third', 'Withdrawn 0:00: It was not so.', 'First')
    await page.raw.clock.runFor(4 * 60_000)
    expect(await items(page)).toContain('Withdrawn 0:00: It was not so.')
    await page.raw.clock.runFor(61_000)
    await shows(page, 'Fourth', 'Third', 'First')
  })

  it('leaves a notice in a strip, where it was, and the strip goes on', async () => {
    const [, second] = await publish('First', 'Secret')
    const page = await open()
    await page.shows(['Secret'])

    await system.withdraw(feed, second!.headline)
    await shows(page, 'Withdrawn 0:00')
    expect(await inDom(page)).not.toContain('Secret')
    await page.raw.clock.runFor(7_000)
    await shows(page, 'First')
    await page.raw.clock.runFor(7_000)
    await shows(page, 'Withdrawn 0:00')
  })

  it('leaves none in a strip that has not come to it', async () => {
    const [first] = await publish('First', 'Second')
    const page = await open()
    await page.shows(['Second'])
    await system.withdraw(feed, first!.headline)
    await eventually(
      'one line is left',
      LIMIT_MS,
      async () => (await page.ticker().locator('.count').textContent()) === '1/1',
    )
    await page.raw.clock.runFor(7_000)
    await shows(page, 'Second')
  })

  it('leaves none in a crawl', async () => {
    const [, second] = await publish('First', 'Secret')
    const page = await open('mode="crawl"', {})
    await page.shows(['Secret', 'First'])
    await system.withdraw(feed, second!.headline, { note: 'It was not so.' })
    await page.shows(['First'])
    await publish('Third')
    await page.shows(['Third', 'First'])
    expect(await inDom(page)).not.toMatch(/Secret|Withdrawn|It was not so/)
  })

  it('shows again with its resume, in the place of the notice', async () => {
    const [, second] = await publish('First', 'Second', 'Third')
    const page = await open('mode="list"')
    await page.shows(['Third', 'Second', 'First'])
    const held = await system.hold(feed, second!.headline, { note: 'We are checking this.' })
    await shows(page, 'Third', 'On hold since 0:00: We are checking this.', 'First')
    await system.resume(feed, held.headline)
    await shows(page, 'Third', 'Second', 'First')
    expect(await inDom(page)).not.toMatch(/On hold|checking|correction|Corrected/)
    expect(page.faults).toEqual([])
  })

  it('is told as withdrawn when it was held before', async () => {
    const [first] = await publish('First', 'Second')
    const page = await open('mode="list"')
    await page.shows(['Second', 'First'])
    await system.hold(feed, first!.headline, { note: 'We are checking this.' })
    await shows(page, 'Second', 'On hold since 0:00: We are checking this.')
    await system.withdraw(feed, first!.headline, { note: 'It was not so.' })
    await shows(page, 'Second', 'Withdrawn 0:00: It was not so.')
  })

  it('leaves a notice for a reader that was away', async () => {
    const [first] = await publish('Secret', 'Second')
    const page = await open('mode="list"', {})
    await page.shows(['Second', 'Secret'])
    await page.raw.context().setOffline(true)
    await eventually('it is away', LIMIT_MS, () => page.inside("ticker.dataset.state !== 'live'"))
    const corrected = await system.correct(feed, first!.headline, 'Secret, corrected')
    await system.withdraw(feed, corrected.headline, { note: 'It was not so.' })
    await page.raw.context().setOffline(false)
    await shows(page, 'Second', 'Withdrawn 0:00: It was not so.')
    expect(await inDom(page)).not.toContain('Secret')
  })

  it.each([
    { notices: '1', ms: 61_000 },
    { notices: '0.1', ms: 7_000 },
    { notices: 'soon', ms: 301_000 },
  ])('leaves a notice for the time of notices="$notices"', async ({ notices, ms }) => {
    const [first] = await publish('First', 'Second')
    const page = await open(`mode="list" notices="${notices}"`)
    await page.shows(['Second', 'First'])
    await system.withdraw(feed, first!.headline)
    await shows(page, 'Second', 'Withdrawn 0:00')
    await page.raw.clock.runFor(ms - 4_000)
    expect(await items(page)).toHaveLength(2)
    await page.raw.clock.runFor(4_000)
    await shows(page, 'Second')
  })

  it('leaves none with notices="0", and screen readers hear that an announced line was taken back', async () => {
    const page = await open('mode="list" notices="0"')
    const [wrong] = await publish(urgent('Wrong'))
    await page.shows(['Speaker: Wrong'])
    await says(page, 'Flash: Speaker: Wrong')
    await system.withdraw(feed, wrong!.headline, { note: 'It was not so.' })
    await shows(page)
    expect(await said(page)).toEqual([''])
    await page.raw.clock.runFor(21_000)
    expect(await said(page)).toEqual(['A line was taken back'])
  })

  it('leaves a notice in the words of the ticker', async () => {
    await newFeed('ar')
    const [first] = await publish('خبر', 'خبر آخر')
    const page = await open('mode="list"')
    await page.shows(['خبر آخر', 'خبر'])
    await system.withdraw(feed, first!.headline, { note: 'لم يكن صحيحًا.' })
    await shows(page, 'خبر آخر', 'سُحب 0:00: لم يكن صحيحًا.')
  })

  it.each(['withdraw', 'hold'] as const)(
    'is heard once after a %s, by one of several tickers',
    async (act) => {
      const page = await open('mode="list"', withClock, 2)
      const [wrong] = await publish(urgent('Secret'))
      await Promise.all([page.shows(['Speaker: Secret'], 0), page.shows(['Speaker: Secret'], 1)])
      await says(page, '', 'Flash: Speaker: Secret')

      await system[act](feed, wrong!.headline, { note: 'It was not so.' })
      await page.ticker(1).locator('.removed').waitFor()
      expect(await said(page)).toEqual(['', ''])
      const heard: string[] = []
      for (let second = 0; second < 70; second++) {
        await page.raw.clock.runFor(1_000)
        heard.push(...(await said(page)).filter(Boolean))
      }
      const word = act === 'hold' ? 'On hold since' : 'Withdrawn'
      expect([...new Set(heard)].map((text) => text.replace(/\d\d:\d\d/, '0:00'))).toEqual([
        `${word} 0:00: It was not so.`,
      ])
      // Said for five seconds, in one piece.
      expect(heard.length).toBeLessThanOrEqual(6)
    },
  )

  it('has the whole time of a line on a strip', async () => {
    const [, second] = await publish('First', 'Second')
    const page = await open()
    await page.shows(['Second'])
    await page.raw.clock.runFor(4_000)
    await system.withdraw(feed, second!.headline)
    await shows(page, 'Withdrawn 0:00')
    await page.raw.clock.runFor(4_000)
    expect(await items(page)).toEqual(['Withdrawn 0:00'])
  })

  it.each(['light', 'dark'])('leaves a notice in which axe finds nothing (%s)', async (theme) => {
    const [first] = await publish('First', 'Second')
    const page = await open(`mode="list" theme="${theme}"`, {})
    await page.shows(['Second', 'First'])
    await system.withdraw(feed, first!.headline, { note: 'It was not so.' })
    await page.ticker().locator('.removed').waitFor()
    const { violations } = await new AxeBuilder({ page: page.raw }).include('flashline-ticker').analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  })
})
