import { expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import type { LiveHeadline } from '../../src/protocol/headline.ts'
import { policySchema } from '../../src/protocol/policy.ts'
import { eventually } from '../support/eventually.ts'
import { openPolicy } from '../support/redis.ts'
import type { System } from '../support/system.ts'
import { scriptTag, type TickerSite } from '../support/ticker-site.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

const LIMIT_MS = 30_000
const HOUR_MS = 3_600_000
/** Long enough for a page on a busy machine to show the line with its label. */
const LABEL_MS = 8_000

let system: System
let site: TickerSite
withTickerSite((opened) => ({ system, site } = opened))

let feeds = 0
async function freshFeed(): Promise<string> {
  const id = `labels-${++feeds}`
  const breakingMs = { ...policySchema.parse({}).breakingMs, flash: LABEL_MS }
  await system.createFeed({ id, lang: 'en', policy: { ...openPolicy, breakingMs } })
  await system.serves(id)
  return id
}

/** The clock of the reader's computer is wrong by so much. */
const wrongBy = (ms: number) => `{ const now = Date.now; Date.now = () => now() + ${ms} }`

const clocks = [
  ['right', 0],
  ['an hour ahead', HOUR_MS],
  ['an hour behind', -HOUR_MS],
] as const

const modes = ['strip', 'list', 'crawl']

it.each(clocks)(
  'the label of a line ends in every mode without an event, by the clock of the server: the browser’s is %s',
  async (_, ms) => {
    const feed = await freshFeed()
    const tickers = modes.map(
      (mode) => `<flashline-ticker feed="${feed}" mode="${mode}" max="1"></flashline-ticker>`,
    )
    const page = await site.visit(tickers.join('') + scriptTag(system.url), {
      prepare: (raw) => raw.addInitScript(wrongBy(ms)),
    })
    const inEach = (expression: string) =>
      Promise.all(modes.map((_mode, n) => page.inside<string>(expression, n)))
    const shows = (what: string, limitMs: number, expression: string, wanted: string) =>
      eventually(what, limitMs, async () => (await inEach(expression)).every((found) => found === wanted))
    await shows('the tickers are live', LIMIT_MS, 'ticker.dataset.state', 'live')
    const [event] = await system.publish(feed, [{ text: 'A flash', urgency: 'flash' }])
    const { breakingUntil } = event!.headline as LiveHeadline
    const look = `[root.querySelector('.line')?.dataset.urgency, root.querySelector('.urgency')?.textContent,
      root.querySelector('.label').matches('.idle') ? 'calm' : 'breaking'].join()`
    await shows('the line is called breaking', LABEL_MS, look, 'flash,Flash,breaking')

    const until = Date.parse(breakingUntil!)
    for (let found = await inEach(look); Date.now() < until; found = await inEach(look)) {
      expect(found).toEqual(modes.map(() => 'flash,Flash,breaking'))
      await pause(50)
    }
    await shows('the label is over', LIMIT_MS, look, 'routine,News,calm')
    expect(await Promise.all(modes.map((_mode, n) => page.texts(n)))).toEqual(modes.map(() => ['A flash']))
    expect((await system.events(feed)).map(({ op }) => op)).toEqual(['publish'])
    expect(page.faults).toEqual([])

    // The newsroom calls it breaking again: the line shows its label at once.
    await system.label(feed, event!.headline)
    await shows('the line is called breaking again', LABEL_MS, look, 'flash,Flash,breaking')
  },
)

it.each(clocks)(
  'the label of a line ends on the page / by the clock of the server: the browser’s is %s',
  async (_, ms) => {
    const feed = await freshFeed()
    const page = await site.visit('', { prepare: (raw) => raw.addInitScript(wrongBy(ms)) })
    await page.raw.goto(`${system.url}/#feed-${feed}`)
    const card = page.raw.locator(`#feed-${feed}`)
    await eventually(
      'the card is live',
      LIMIT_MS,
      async () => (await card.getAttribute('data-status')) === 'live',
    )
    await system.publish(feed, [{ text: 'A flash', urgency: 'flash' }])
    const line = card.locator('.flashline-line')
    await line.waitFor()
    const look = async () => [
      await line.getAttribute('data-urgency'),
      await line.locator('.flashline-urgency').textContent(),
    ]
    expect(await look()).toEqual(['flash', 'Flash'])
    await eventually('the label is over', LIMIT_MS, async () => (await look()).join() === 'routine,News')
    expect((await system.events(feed)).map(({ op }) => op)).toEqual(['publish'])
  },
)

it('a frame without a script is loaded again when a label ends', async () => {
  const feed = await freshFeed()
  await system.publish(feed, [{ text: 'A flash', urgency: 'flash' }])
  await eventually('the frame has the line', LIMIT_MS, async () => {
    return (await (await fetch(`${system.url}/embed/${feed}`)).text()).includes('A flash')
  })
  const page = await site.visit('', { javaScriptEnabled: false })
  await page.raw.goto(`${system.url}/embed/${feed}`)
  const urgency = () => page.raw.locator('.flashline-line').getAttribute('data-urgency')
  await eventually('the label is over', LIMIT_MS, async () => (await urgency().catch(() => '')) === 'routine')
})
