import { expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import type { System } from '../support/system.ts'
import { scriptTag, SHOWN_TIMEOUT_MS, type TickerSite } from '../support/ticker-site.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

const languages = ['en', 'ar', 'de', 'es', 'fa', 'fr', 'he', 'it', 'nl', 'pt', 'tr']
const urgencies = ['routine', 'urgent', 'bulletin', 'flash']
const MINUTE_MS = 60_000

let system: System
let site: TickerSite
withTickerSite((opened) => ({ system, site } = opened))

it.each(['strip', 'list'])(
  'no language breaks the row above the headline in a %s of 200 px',
  async (mode) => {
    for (const urgency of urgencies) {
      const feed = `${mode}-${urgency}`
      await system.createFeed({ id: feed, lang: 'en' })
      await system.serves(feed)
      const [posted] = await system.publish(feed, [{ text: 'Line', urgency }])
      await system.pin(feed, posted!.headline)
    }
    const tickers = urgencies.flatMap((urgency) =>
      languages.map(
        (lang) =>
          `<flashline-ticker feed="${mode}-${urgency}" lang="${lang}" mode="${mode}"></flashline-ticker>`,
      ),
    )
    const style = '<style>body { margin: 0 } div { inline-size: 200px }</style>'
    const { raw } = await site.visit(`${style}<div>${tickers.join('')}</div>${scriptTag(system.url)}`, {
      prepare: (page) => page.clock.install(),
    })
    await expectAll(`every((ticker) => ticker.shadowRoot?.querySelector('.pinned'))`)
    // The longest words for a time: "59 minutes ago".
    // Else the next connection sets the ticker's time by the server's.
    await raw.context().setOffline(true)
    await raw.clock.fastForward(59 * MINUTE_MS)
    await raw.clock.runFor(2_000)
    await expectAll(
      `every((ticker) => /59|۵۹|٥٩/.test(ticker.shadowRoot.querySelector('.time').textContent))`,
    )
    const broken =
      await raw.evaluate(`[...document.querySelectorAll('flashline-ticker')].flatMap((ticker) => {
    const box = ticker.getBoundingClientRect()
    return [...ticker.shadowRoot.querySelectorAll('.line > *, .label, .tools')]
      .filter((part) => {
        const { left, right, height } = part.getBoundingClientRect()
        return left < box.left - 1 || right > box.right + 1 || (part.className === 'pinned' && height > 30)
      })
      .map((part) => [ticker.lang, part.className, part.textContent].join(' '))
  })`)
    expect(broken).toEqual([])
    await raw.context().close()

    // The page's own timers are those of its clock.
    async function expectAll(condition: string): Promise<void> {
      await eventually(condition, SHOWN_TIMEOUT_MS, () =>
        raw.evaluate<boolean>(`[...document.querySelectorAll('flashline-ticker')].${condition}`),
      )
    }
  },
)
