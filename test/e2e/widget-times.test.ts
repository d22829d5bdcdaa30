import { expect, it } from '@jest/globals'
import type { EventFrame } from '../../src/protocol/frames.ts'
import { eventually } from '../support/eventually.ts'
import { scriptTag, type TickerSite, type TickerPage } from '../support/ticker-site.ts'
import type { System } from '../support/system.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

const LIMIT_MS = 15_000

let system: System
let site: TickerSite
withTickerSite((opened) => ({ system, site } = opened))

let feeds = 0
async function publishIn(lang: string): Promise<{ feed: string; line: EventFrame }> {
  const feed = `${lang}-${++feeds}`
  await system.createFeed({ id: feed, lang })
  await system.serves(feed)
  const [line] = await system.publish(feed, ['Line'])
  return { feed, line: line! }
}

/** A page with one ticker, whose clock the test moves. The browser has German texts for languages that it lacks. */
async function visit(feed: string, script = ''): Promise<{ page: TickerPage; parts: readonly string[] }> {
  const parts: string[] = []
  const page = await site.visit(
    `<flashline-ticker feed="${feed}"></flashline-ticker>${scriptTag(system.url)}`,
    {
      locale: 'de-DE',
      timezoneId: 'UTC',
      prepare: async (raw) => {
        raw.on('request', (request) =>
          parts.push(/\/([a-z-]+)-[0-9a-f]+\.js$/.exec(request.url())?.[1] ?? ''),
        )
        await raw.clock.install()
        await raw.addInitScript(script)
      },
    },
  )
  await page.shows(['Line'])
  return { page, parts }
}

async function showsTime(page: TickerPage, text: RegExp | string): Promise<void> {
  const shown = (): Promise<string | null> => page.ticker().locator('time').textContent()
  await eventually(`the time is ${text}`, LIMIT_MS, async () => {
    const time = (await shown()) ?? ''
    return typeof text === 'string' ? time === text : text.test(time)
  })
}

/** The reader's clock moves on without its timers, so that the connection stays. */
async function later(page: TickerPage, publishedAt: string, minutes: number): Promise<void> {
  await page.raw.clock.setSystemTime(Date.parse(publishedAt) + minutes * 60_000 + 30_000)
  await page.raw.clock.runFor(1_000)
}

it.each([
  { lang: 'ckb', now: /^[٠-٩]{2}:[٠-٩]{2}$/, then: /^[٠-٩]{2}:[٠-٩]{2}$/ },
  { lang: 'my', now: 'ယခု', then: 'ပြီးခဲ့သည့် ၇ မိနစ်' },
  { lang: 'ne', now: 'अहिले', then: '७ मिनेट पहिले' },
  { lang: 'ps', now: 'اوس', then: '۷ دقيقه مخکې' },
  { lang: 'sd', now: 'هاڻي', then: '٧ منٽ پهرين' },
])('a line has its time in $lang, whatever the browser knows', async ({ lang, now, then }) => {
  const { feed, line } = await publishIn(lang)
  const { page } = await visit(feed)
  await showsTime(page, now)
  await later(page, line.headline.publishedAt, 7)
  await showsTime(page, then)
  expect(await page.ticker().locator('time').getAttribute('lang')).toBe(lang)
  expect(page.faults).toEqual([])
})

it('a sentence with a time in it is in one language', async () => {
  const { feed, line } = await publishIn('ne')
  const { page } = await visit(feed)
  await system.correct(feed, line.headline, 'Line', { note: 'A word.' })
  const correction = page.ticker().locator('.correction > :first-child')
  await correction.waitFor()
  expect(await correction.textContent()).toMatch(/^Corrected \d\d:\d\d$/)
  expect(await correction.getAttribute('lang')).toBe('en')
})

const browserThatSays = (text: string): string => `
  const { format } = Intl.RelativeTimeFormat.prototype
  Intl.RelativeTimeFormat.supportedLocalesOf = (languages) => [languages].flat()
  Intl.RelativeTimeFormat.prototype.format = function (count, unit) {
    return unit === 'minute' ? ${JSON.stringify(text)}.replace('#', -count) : format.call(this, count, unit)
  }`

it('does not believe a browser that says it knows a language', async () => {
  const { feed, line } = await publishIn('my')
  const { page, parts } = await visit(feed, browserThatSays('-# min'))
  await later(page, line.headline.publishedAt, 7)
  await showsTime(page, 'ပြီးခဲ့သည့် ၇ မိနစ်')
  expect(parts).toContain('own-time-text')
})

it('uses the texts of a browser that knows the language, and loads none', async () => {
  const { feed, line } = await publishIn('my')
  const { page, parts } = await visit(feed, browserThatSays('ပြီးခဲ့သည့် ၅ မိနစ်'))
  await later(page, line.headline.publishedAt, 7)
  await showsTime(page, 'ပြီးခဲ့သည့် ၅ မိနစ်')
  expect(parts).toContain('languages')
  expect(parts).not.toContain('own-time-text')
})

it.each(['en', 'ar', 'ru'])('loads no times for a feed in %s', async (lang) => {
  const { page, parts } = await visit((await publishIn(lang)).feed)
  await showsTime(page, lang === 'ar' ? 'الآن' : 'now')
  expect(parts).not.toContain('own-time-text')
})
