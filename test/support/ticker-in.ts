import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { DrivenBrowser, DrivenPage } from './driven-browser.ts'
import { eventually } from './eventually.ts'
import { openOtherSite, type OtherSite } from './other-site.ts'
import { startSystem, type System } from './system.ts'
import { scriptTag, SHOWN_TIMEOUT_MS } from './ticker-site.ts'

const modes = ['strip', 'list', 'crawl']

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** What the ticker must do in every browser. Without a path of the browser, all tests are skipped. */
export function testTickerIn(
  name: string,
  path: string | undefined,
  openBrowser: (path: string) => Promise<DrivenBrowser>,
): void {
  const inBrowser = path ? describe : describe.skip
  inBrowser(`the ticker in ${name}`, () => {
    let browser: DrivenBrowser
    let system: System
    let site: OtherSite

    beforeAll(async () => {
      const started = [
        openBrowser(path ?? ''),
        startSystem({ ALLOWED_ORIGINS: '*' }),
        openOtherSite(),
      ] as const
      ;[browser, system, site] = await Promise.all(started)
    }, 60_000)

    afterAll(async () => {
      await browser.close()
      site.close()
      await system.close()
    }, 60_000)

    let feeds = 0
    async function feedIn(lang: string): Promise<string> {
      const feed = `${lang}-${++feeds}`
      await system.createFeed({ id: feed, lang })
      await system.serves(feed)
      return feed
    }

    function open(feed: string, attributes: string): Promise<DrivenPage> {
      const tag = `<flashline-ticker feed="${feed}" ${attributes}></flashline-ticker>`
      const column = `<style>body { margin: 0 }</style><div id="column" style="inline-size: 1280px">${tag}</div>`
      return browser.open(site.page(column + scriptTag(system.url)))
    }

    it.each(modes)('shows new, corrected and withdrawn lines in a %s', async (mode) => {
      const feed = await feedIn('en')
      const [line] = await system.publish(feed, [{ text: 'Bridge is shut', speaker: 'Police' }])
      const page = await open(feed, `mode="${mode}" notices="0"`)
      await shows(page, 'Police: Bridge is shut')
      if (mode === 'crawl') await moves(page)
      const corrected = { note: 'One lane is open.', speaker: 'Police' }
      const change = await system.correct(feed, line!.headline, 'Bridge is half shut', corrected)
      await shows(page, 'Police: Bridge is half shut')
      expect(await inside(page, "root.querySelector('.correction').textContent")).toMatch(
        /^Corrected \d\d:\d\d One lane is open\.$/,
      )
      await system.publish(feed, [{ text: 'Now', urgency: 'flash' }])
      await shows(page, 'Now')
      await system.withdraw(feed, change.headline)
      await eventually('the line is gone', SHOWN_TIMEOUT_MS, async () => {
        const texts = await textsIn(page)
        return texts.length === 1 && texts[0] === 'Now'
      })
      await page.close()
    })

    it.each([
      { others: 'another line', linked: ['One', 'Wrong'] },
      { others: 'no other line', linked: ['Wrong'] },
    ])('goes on when the line with the focus is withdrawn and there is $others', async ({ linked }) => {
      const feed = await feedIn('en')
      const lines = linked.map((text) => ({ text, link: `https://example.org/${text}` }))
      const events = await system.publish(feed, lines)
      const page = await open(feed, 'notices="0"')
      await shows(page, 'Wrong')
      await page.pressTab()
      expect(await inside(page, 'root.activeElement?.textContent')).toBe('Wrong')
      await system.withdraw(feed, events.at(-1)!.headline)
      await eventually(
        'the line is gone',
        SHOWN_TIMEOUT_MS,
        async () => !(await textsIn(page)).includes('Wrong'),
      )
      await system.publish(feed, [{ text: 'Now', urgency: 'routine' }])
      await shows(page, 'Now')
      expect(await inside(page, "root.querySelector('.notice').textContent")).toBe('')
      await page.close()
    })

    it.each([
      { lang: 'ar', attributes: '', text: 'NASA تعلن اكتشاف كوكب جديد.', rtl: true },
      { lang: 'ar', attributes: 'lang="en"', text: 'NASA confirms 12 moons.', rtl: true },
      { lang: 'ur', attributes: '', text: 'BBC کے مطابق NASA', rtl: true },
      { lang: 'en', attributes: 'dir="rtl"', text: 'Bridge 12 is shut.', rtl: true, line: 'ltr' },
      { lang: 'en', attributes: 'lang="ar"', text: 'Bridge 12 is shut.', rtl: false },
    ])(
      'has the parts of a line in their order: a feed in $lang, $attributes, "$text"',
      async ({ lang, attributes, text, rtl, line = rtl ? 'rtl' : 'ltr' }) => {
        const feed = await feedIn(lang)
        const [first] = await system.publish(feed, [{ text: 'x', urgency: 'flash' }])
        const change = { note: '12 NASA', speaker: 'BBC', urgency: 'flash' }
        await system.correct(feed, first!.headline, text, change)
        for (const mode of modes) {
          const page = await open(feed, `${attributes} mode="${mode}"`)
          await shows(page, `BBC: ${text}`)
          const apart = mode === 'list' ? ['.urgency', '.time'] : ['.urgency', '.headline', '.time']
          for (const gap of gaps(await boxesOf(page, ...apart), rtl))
            expect([mode, gap > 4]).toEqual([mode, true])
          const said = await boxesOf(page, '.speaker', '.headline bdi:last-child')
          for (const gap of gaps(said, line === 'rtl')) expect([mode, gap > 0]).toEqual([mode, true])
          const direction = "getComputedStyle(root.querySelector('.headline bdi:last-child')).direction"
          expect([mode, await inside(page, direction)]).toEqual([mode, line])
          const [headline, correction] = await boxesOf(page, '.headline', '.correction')
          if (mode !== 'crawl') expect(correction!.top).toBeGreaterThanOrEqual(headline!.bottom - 1)
          await page.close()
        }
      },
    )

    it.each(modes)('fits into 200, 320, 768 and 1280 px as a %s', async (mode) => {
      const feed = await feedIn('en')
      await system.publish(feed, ['Trains between Tarrow and Port Ellin are cancelled until further notice'])
      const page = await open(feed, `mode="${mode}"`)
      await shows(page, 'Trains')
      for (const width of [200, 320, 768, 1280]) {
        await page.evaluate(`void (document.querySelector('#column').style.inlineSize = '${width}px')`)
        const outside = await inside(
          page,
          `[root.querySelector('.view'), root.querySelector('.label'), root.querySelector('.tools'),
            ...(${mode === 'crawl'} ? [] : root.querySelectorAll('.line > *'))]
            .filter((part) => {
              const { left, right } = part.getBoundingClientRect()
              return left < -1 || right > ${width} + 1
            })
            .map((part) => part.className)`,
        )
        const [view] = await boxesOf(page, '.view')
        const scrolls = mode !== 'crawl' && (await inside(page, 'ticker.scrollWidth > ticker.clientWidth'))
        const room = view!.right - view!.left >= Math.min(180, width / 2) && view!.bottom - view!.top >= 40
        expect({ width, outside, scrolls, room }).toEqual({ width, outside: [], scrolls: false, room: true })
      }
      await page.close()
    })
  })
}

/** Evaluates an expression with the variables `ticker` and `root`, its shadow root. */
function inside<T>(page: DrivenPage, expression: string): Promise<T> {
  return page.evaluate(`(() => {
    const ticker = document.querySelector('flashline-ticker'), root = ticker.shadowRoot
    return ${expression}
  })()`)
}

function textsIn(page: DrivenPage): Promise<string[]> {
  return inside(page, "[...(root?.querySelectorAll('.headline') ?? [])].map((line) => line.textContent)")
}

/** Waits until a line of the ticker begins with this text. */
async function shows(page: DrivenPage, text: string): Promise<void> {
  await eventually(`the ticker shows ${text}`, SHOWN_TIMEOUT_MS, async () =>
    (await textsIn(page)).some((each) => each.startsWith(text)),
  )
}

async function moves(page: DrivenPage): Promise<void> {
  const [before] = await boxesOf(page, '.headline')
  await eventually('the crawl moves', SHOWN_TIMEOUT_MS, async () => {
    const [now] = await boxesOf(page, '.headline')
    return now!.left < before!.left
  })
}

/** All at one moment, since a crawl moves. */
function boxesOf(page: DrivenPage, ...selectors: string[]): Promise<Box[]> {
  return inside(
    page,
    `${JSON.stringify(selectors)}.map((selector) => {
      const { left, right, top, bottom } = root.querySelector(selector).getBoundingClientRect()
      return { left, right, top, bottom }
    })`,
  )
}

/** The free space between each part and the next one, in the reading direction. */
function gaps(boxes: readonly Box[], rtl: boolean): number[] {
  return boxes
    .slice(1)
    .map((box, n) => (rtl ? (boxes[n]?.left ?? 0) - box.right : box.left - (boxes[n]?.right ?? 0)))
}
