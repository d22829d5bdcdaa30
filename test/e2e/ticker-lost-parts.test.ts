import { beforeEach, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { eventually } from '../support/eventually.ts'
import { scriptTag, type TickerPage, type TickerSite } from '../support/ticker-site.ts'
import type { System } from '../support/system.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

// Chromium keeps the failure of an import for the life of the page.

const LIMIT_MS = 30_000

let system: System
let site: TickerSite
withTickerSite((opened) => ({ system, site } = opened))

let feeds = 0
let feed = ''
/** Each test has a feed of its own. */
beforeEach(async () => {
  feed = `ar-${++feeds}`
  await system.createFeed({ id: feed, lang: 'ar' })
  await system.serves(feed)
  await system.publish(feed, ['أول', 'ثان'])
})

/** Opens a ticker whose part with this name does not arrive when it is first asked for. */
async function openWithout(
  part: string,
  attributes: string,
  prepare: (raw: Page) => Promise<unknown> = async () => undefined,
): Promise<{ page: TickerPage; lost: () => number }> {
  let lost = 0
  const page = await site.visit(
    `<flashline-ticker feed="${feed}" ${attributes}></flashline-ticker>${scriptTag(system.url)}`,
    {
      async prepare(raw) {
        await prepare(raw)
        await raw.route(`**/widget/${part}-*`, (route) => (lost++ === 0 ? route.abort() : route.continue()))
      },
    },
  )
  return { page, lost: () => lost }
}

describe('a part of the ticker that did not arrive is asked for again', () => {
  it.each(['looks-for', 'languages'])('%s: the lines show at once, and their words later', async (part) => {
    const { page, lost } = await openWithout(part, '')
    await page.shows(['ثان'])
    await page.ticker().getByRole('button', { name: 'إيقاف مؤقت' }).waitFor()
    expect(lost()).toBe(2)
  })

  it('http-transports: where there is no WebSocket, the feed is followed', async () => {
    const { page, lost } = await openWithout('http-transports', '', (raw) =>
      raw.addInitScript('delete window.WebSocket'),
    )
    await page.shows(['ثان'])
    await system.publish(feed, ['ثالث'])
    await page.shows(['ثالث'])
    expect(lost()).toBe(2)
  })

  it('crawl: the lines move', async () => {
    const { page } = await openWithout('crawl', 'mode="crawl"')
    await eventually('the lines move', LIMIT_MS, () =>
      page.inside<boolean>(
        'root.getAnimations().some(({ effect }) => effect.getComputedTiming().duration > 60_000)',
      ),
    )
  })
})
