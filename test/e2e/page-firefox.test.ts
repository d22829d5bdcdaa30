import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { DrivenBrowser } from '../support/driven-browser.ts'
import { eventually } from '../support/eventually.ts'
import { openFirefox } from '../support/firefox.ts'
import { startSystem, type System } from '../support/system.ts'

const LIMIT_MS = 15_000
/** The page shows one feed in this width; Firefox opens no narrower window. */
const NARROW_PX = 560
const path = process.env.FIREFOX_PATH
const inFirefox = path ? describe : describe.skip

inFirefox('the page in Firefox', () => {
  let browser: DrivenBrowser
  let system: System
  beforeAll(async () => {
    ;[browser, system] = await Promise.all([openFirefox(path ?? '', { width: NARROW_PX }), startSystem()])
    for (const id of ['ar', 'sport']) {
      await system.createFeed({ id, lang: id === 'ar' ? 'ar' : 'en' })
      await system.serves(id)
    }
    const lines = Array.from({ length: 12 }, (_, n) => `Headline ${n} of a feed that is longer than a screen`)
    for (const feed of ['en', 'ar', 'sport']) await system.publish(feed, lines)
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await system.close()
  }, 60_000)

  it.each(['ar', 'en', 'sport'])(
    'begins with the head of the feed %s, which its address names',
    async (id) => {
      const page = await browser.open(`${system.url}/#feed-${id}`)
      const card = `document.querySelector('#feed-${id}')`
      await eventually('the feed is live', LIMIT_MS, () =>
        page.evaluate<boolean>(`${card}.dataset.status === 'live'`),
      )
      const shown = `[...document.querySelectorAll('.feed')].filter((feed) => feed.offsetHeight > 0).map((feed) => feed.id)`
      expect(await page.evaluate(shown)).toEqual([`feed-${id}`])
      const top = await page.evaluate<number>(`${card}.getBoundingClientRect().top`)
      expect([top >= 0, top < 200]).toEqual([true, true])
      await page.close()
    },
  )
})
