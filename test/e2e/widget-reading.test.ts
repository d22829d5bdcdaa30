import { beforeEach, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import type { EventFrame } from '../../src/protocol/frames.ts'
import { eventually } from '../support/eventually.ts'
import { scriptTag, type TickerSite, type TickerPage, type Visit } from '../support/ticker-site.ts'
import type { System } from '../support/system.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

// What readers get to see, and when: holds by the pointer and the keyboard, new lines, long lines.

const LIMIT_MS = 15_000
const HOLD_MS = 60_000

let system: System
let site: TickerSite
withTickerSite((opened) => ({ system, site } = opened))

let feeds = 0
let feed = ''
/** Each test has a feed of its own. */
beforeEach(async () => {
  feed = `en-${++feeds}`
  await system.createFeed({ id: feed, lang: 'en' })
  await system.serves(feed)
})

function open(attributes = '', visit: Visit = {}, style = ''): Promise<TickerPage> {
  const tag = `<style>${style}</style><h1>News</h1><flashline-ticker feed="${feed}" ${attributes}></flashline-ticker>`
  return site.visit(tag + scriptTag(system.url), { ...withClock, ...visit })
}

const publish = (...lines: (string | object)[]): Promise<EventFrame[]> => system.publish(feed, lines)
const withClock = { prepare: (raw: Page) => raw.clock.install() }
const linked = (text: string) => ({ text, link: `https://example.org/${text}` })
const routine = (text: string) => ({ text, urgency: 'routine' })
const flash = (text: string) => ({ text, urgency: 'flash' })
const ten = Array.from({ length: 10 }, (_, n) => routine(`Line ${n}`))

const notice = (page: TickerPage) => page.ticker().locator('.notice').textContent()
/** The word in the label that can be seen. */
const label = (page: TickerPage) =>
  page.inside<string>(
    "root.querySelector('.label .state').textContent || root.querySelector('.label slot').textContent",
  )

/** Waits for an event of the server: the clock of the page stands still. */
const has = (page: TickerPage, what: string, expression: string) =>
  eventually(what, LIMIT_MS, () => page.inside<boolean>(expression))

describe('a hold', () => {
  it('does not stay after a click on a link, when the pointer has left', async () => {
    await publish('One', linked('Two'))
    const page = await open()
    await page.shows(['Two'])
    await page.inside("root.addEventListener('click', (event) => event.preventDefault())")
    await page.ticker().locator('a').click()
    expect(await page.inside('root.activeElement?.className')).toBe('headline')
    await page.raw.mouse.move(0, 0)
    await publish(flash('Now'))
    await page.shows(['Now'])
    expect(await notice(page)).toBe('')
  })

  it.each(['pointer', 'keyboard'])('by the %s ends after 60 seconds, and begins again', async (by) => {
    await publish('One', linked('Two'))
    const page = await open()
    await page.shows(['Two'])
    if (by === 'pointer') await page.ticker().locator('.headline').hover()
    else await page.raw.keyboard.press('Tab')
    await page.raw.clock.runFor(HOLD_MS - 2_000)
    expect(await page.texts()).toEqual(['Two'])
    await page.raw.clock.runFor(9_000)
    expect(await page.texts()).toEqual(['One'])
    if (by === 'pointer')
      await page
        .ticker()
        .locator('.headline')
        .hover({ position: { x: 3, y: 3 } })
    else await page.raw.keyboard.press('ArrowDown')
    await page.raw.clock.runFor(30_000)
    expect(await page.texts()).toEqual(['One'])
  })

  it.each([
    { notices: '0', then: ['Two'], focused: 'Two' },
    // The notice in the place of the line has no link.
    { notices: '5', then: [], focused: 'view' },
  ])(
    'ends with the line that had the focus, which goes to $focused with notices of $notices minutes',
    async ({ notices, then, focused }) => {
      const [, , wrong] = await publish(linked('One'), linked('Two'), linked('Wrong'))
      const page = await open(`notices="${notices}"`)
      await page.shows(['Wrong'])
      const loaded = page.raw.waitForResponse('**/widget/keep-focus-*')
      await page.raw.keyboard.press('Tab')
      // The same import as the ticker's: it has settled when the ticker's has.
      await page.raw.evaluate(`import(${JSON.stringify((await loaded).url())}).then(() => undefined)`)
      await system.withdraw(feed, wrong!.headline)
      await page.shows(then)
      const { className, textContent } = await page.inside<Record<string, string>>(
        '({ className: root.activeElement?.className, textContent: root.activeElement?.textContent })',
      )
      expect([className, textContent]).toContain(focused)
      await publish(flash('Now'))
      await page.shows(['Now'])
      expect(page.faults).toEqual([])
    },
  )

  it.each(['strip', 'list'])('by the pointer lets a flash through at once, marked, in a %s', async (mode) => {
    await publish('One', 'Two')
    const page = await open(`mode="${mode}"`)
    const isList = mode === 'list'
    await page.shows(isList ? ['Two', 'One'] : ['Two'])
    await page.ticker().locator('.headline').first().hover()
    await publish(routine('Quiet'))
    await has(page, 'it waits', "root.querySelector('.notice').textContent === 'New lines: 1'")
    await publish(flash('Now'))
    await page.shows(isList ? ['Now', 'Two', 'One'] : ['Now'])
    const marked = '[...root.querySelectorAll("[data-new] .headline")].map((line) => line.textContent)'
    expect(await page.inside(marked)).toEqual(['Now'])
    await page.raw.mouse.move(0, 0)
    await has(page, 'the mark goes', "root.querySelector('[data-new]') === null")
  })

  it('by the keyboard holds a flash back; the label tells of it, and it comes first afterwards', async () => {
    await publish('One', linked('Two'))
    const page = await open()
    await page.shows(['Two'])
    await page.raw.keyboard.press('Tab')
    await publish(routine('Quiet'), flash('Now'), routine('Later'))
    await has(page, 'they wait', "root.querySelector('.notice').textContent === 'New lines: 3'")
    expect(await label(page)).toBe('Flash')
    expect(await page.texts()).toEqual(['Two'])
    await page.raw.keyboard.press('Tab')
    await page.raw.clock.runFor(1_000)
    await page.shows(['Now'])
    expect(await label(page)).toBe('Breaking')
  })
})

describe('the focus on a link', () => {
  it.each(['0', '5'])(
    'goes to the neighbour of a withdrawn line, and stays with one that moves (notices=%s)',
    async (notices) => {
      const lines = await publish(linked('One'), linked('Two'), linked('Three'))
      const page = await open(`mode="list" notices="${notices}"`)
      await page.shows(['Three', 'Two', 'One'])
      const focused = () => page.inside('root.activeElement?.textContent')
      await page.raw.keyboard.press('Tab')
      await page.raw.keyboard.press('Tab')
      expect(await focused()).toBe('Two')
      await system.pin(feed, lines[0]!.headline)
      await page.shows(['One', 'Three', 'Two'])
      expect(await focused()).toBe('Two')
      await system.pin(feed, lines[1]!.headline)
      await page.shows(['Two', 'One', 'Three'])
      expect(await focused()).toBe('Two')
      await system.withdraw(feed, lines[1]!.headline)
      await page.shows(['One', 'Three'])
      expect(await focused()).toBe('One')
      expect(page.faults).toEqual([])
    },
  )
})

describe('a new line in a strip of ten', () => {
  it('comes next when the pointer leaves, the most pressing first', async () => {
    await publish(...ten)
    const page = await open()
    await page.shows(['Line 9'])
    await page.raw.clock.runFor(20_000)
    const shown = await page.texts()
    await page.ticker().locator('.headline').hover()
    await publish(routine('Quiet'), { text: 'Soon', urgency: 'urgent' }, routine('Later'))
    await has(page, 'they wait', "root.querySelector('.notice').textContent === 'New lines: 3'")
    await page.raw.clock.runFor(2_000)
    expect(await page.texts()).toEqual(shown)
    await page.raw.mouse.move(0, 0)
    await page.shows(['Soon'])
    for (const text of ['Later', 'Quiet']) {
      await page.raw.clock.runFor(6_500)
      await page.shows([text])
    }
  })

  it('does not take the place of a flash that has just come', async () => {
    await publish(...ten)
    const page = await open()
    await page.shows(['Line 9'])
    await publish(flash('Now'))
    await page.shows(['Now'])
    await publish(routine('Quiet'))
    await has(page, 'it is there', "root.querySelector('.count').textContent === '2/10'")
    expect(await page.texts()).toEqual(['Now'])
    await page.raw.clock.runFor(7_000)
    await page.shows(['Quiet'])
  })
})

describe('a crawl', () => {
  const wide = { viewport: { width: 1_000, height: 300 }, prepare: () => Promise.resolve() }
  const animation = 'root.getAnimations()[0]'
  const rect = "root.querySelector('.view').getBoundingClientRect()"
  /** Where the lines are, by their text; 0 is the beginning of the view and 1 its end. */
  const places = `Object.fromEntries([...root.querySelectorAll('.line')].map((line) =>
    [line.querySelector('.headline').textContent, (line.getBoundingClientRect().left - ${rect}.left) / ${rect}.width]))`

  let moves = 0

  async function openCrawl(attributes = ''): Promise<TickerPage> {
    const page = await open(`mode="crawl" ${attributes}`, wide)
    await has(page, 'it moves', 'root.getAnimations().length > 0')
    return page
  }

  /** Moves the belt, in steps in which the ticker puts passed lines to its end. */
  async function advance(page: TickerPage, seconds: number): Promise<void> {
    for (let n = 0; n < seconds; n++) {
      await page.inside(`${animation}.currentTime += 1_000`)
      // The ticker looks at its belt at each movement of the pointer, as it does each second.
      await page.inside(
        `root.querySelector('.view').dispatchEvent(new PointerEvent('pointermove', { screenX: ${++moves} }))`,
      )
    }
  }

  it('lets a flash enter next, behind what is in view, and tells of it in the label at once', async () => {
    await publish(...ten.map(({ text }) => routine(`${text} is about as long as headlines usually are`)))
    const page = await openCrawl()
    await advance(page, 22)
    await publish(flash('Now'))
    await has(page, 'the flash is on the belt', "root.querySelector('.line[data-urgency=flash]') !== null")
    expect(await label(page)).toBe('Flash')
    const before = await page.inside<Record<string, number>>(places)
    expect(before.Now).toBeGreaterThan(0)
    const ahead = Object.entries(before).filter(([, left]) => left > 1 && left < (before.Now ?? 0))
    expect(ahead).toEqual([])
    await advance(page, 9)
    expect((await page.inside<Record<string, number>>(places)).Now).toBeLessThan(1)
    await eventually('the label is the usual one', LIMIT_MS, async () => (await label(page)) === 'Breaking')
  })

  it('never moves what is in view by an update', async () => {
    const lines = await publish(routine('First line of the day'), routine('Second line of the day'))
    const page = await openCrawl('max="3"')
    await advance(page, 14)
    /** The lines in view by their places on the belt, in whole pixels. */
    const seen = () =>
      page.inside<Record<string, number>>(`(() => {
        const end = ${rect}.right
        const travelled = -new DOMMatrix(getComputedStyle(root.querySelector('.lines')).transform).e
        return Object.fromEntries([...root.querySelectorAll('.line')].flatMap((line) => {
          const { left, right } = line.getBoundingClientRect()
          return left < end && right > 0
            ? [[line.querySelector('.headline').textContent, Math.round(left + travelled)]] : []
        }))
      })()`)
    const before = await seen()
    expect(Object.keys(before).length).toBe(2)
    for (const text of ['Third', 'Fourth', 'Fifth']) {
      await publish(routine(text))
      await has(
        page,
        `${text} is on the belt`,
        `root.querySelector('.lines').textContent.includes('${text}')`,
      )
      expect(await seen()).toMatchObject(before)
    }
    await system.withdraw(feed, lines[1]!.headline)
    await has(page, 'it is gone', "!root.querySelector('.lines').textContent.includes('Second')")
    expect(await seen()).toMatchObject({ 'First line of the day': before['First line of the day'] })
  })

  it('asks for no size while it moves', async () => {
    await publish(...ten)
    const page = await open('mode="crawl"', {
      ...wide,
      prepare: (raw) =>
        raw.addInitScript(`window.asked = 0
          const count = (prototype, name) => {
            const { get, value, ...rest } = Object.getOwnPropertyDescriptor(prototype, name)
            const counted = (known) => function (...args) { asked++; return known.apply(this, args) }
            Object.defineProperty(prototype, name, { ...rest, ...(get ? { get: counted(get) } : { value: counted(value) }) })
          }
          for (const name of ['getBoundingClientRect', 'getClientRects', 'clientWidth', 'clientHeight',
            'scrollWidth', 'scrollHeight', 'scrollLeft', 'scrollTop']) count(Element.prototype, name)
          for (const name of ['offsetWidth', 'offsetHeight', 'offsetLeft', 'offsetTop']) count(HTMLElement.prototype, name)`),
    })
    await has(page, 'it moves', 'root.getAnimations().length > 0')
    await advance(page, 1)
    const before = await page.raw.evaluate<number>('asked')
    await advance(page, 30)
    expect(await page.raw.evaluate<number>('asked')).toBe(before)
    await page.inside("root.querySelector('.line').getBoundingClientRect()")
    expect(await page.raw.evaluate<number>('asked')).toBe(before + 1)
  })

  it('repeats its lines, also after hours, and a short one without a jump', async () => {
    await publish(routine('Alone'))
    const page = await openCrawl()
    await page.inside(`${animation}.currentTime += 4 * 3_600_000`)
    await advance(page, 1)
    await eventually('it comes in again', LIMIT_MS, async () => {
      await advance(page, 1)
      const { Alone = 0 } = await page.inside<Record<string, number>>(places)
      return Alone > 0 && Alone < 1
    })
    expect(await page.inside(`${animation}.playState`)).toBe('running')
  })
})

describe('a long line in a strip', () => {
  const words = Array.from({ length: 70 }, (_, n) => String(n + 100)).join(' ')

  /** All that can be read in the view, in the page's time, without a hand. */
  async function read(page: TickerPage, text: string): Promise<string> {
    const seen = new Set<string>()
    const signs: boolean[] = []
    const isHigher = "root.querySelector('.view').scrollHeight > root.querySelector('.view').clientHeight"
    const hasParts = await page.inside<boolean>(isHigher)
    if (hasParts) await has(page, 'it can be measured', "!root.querySelector('.more').hidden")
    while ((await page.texts())[0] === text) {
      const letters = await page.inside<string[]>(`(() => {
        const view = root.querySelector('.view').getBoundingClientRect()
        const text = root.querySelector('.headline bdi').firstChild
        if (text.data !== ${JSON.stringify(text)}) return []
        const range = document.createRange()
        return [...text.data].map((letter, n) => {
          range.setStart(text, n), range.setEnd(text, n + 1)
          const { top, bottom } = range.getBoundingClientRect()
          return top >= view.top - 1 && bottom <= view.bottom + 1 ? n + letter : ''
        }).filter(Boolean)
      })()`)
      for (const letter of letters) seen.add(letter)
      signs.push(await page.inside("!root.querySelector('.more').hidden"))
      await page.raw.clock.runFor(1_000)
    }
    expect(signs).toContain(false)
    expect(signs.includes(true)).toBe(hasParts)
    return [...seen]
      .sort((a, b) => parseInt(a) - parseInt(b))
      .map((letter) => letter.replace(/^\d+(?=.$)/, ''))
      .join('')
  }

  it.each([
    { text: words, style: '', width: 800, what: '280 letters' },
    { text: 'x'.repeat(280), style: '', width: 800, what: '280 letters without a space' },
    {
      text: words,
      style: 'flashline-ticker { --flashline-font-size: 32px }',
      width: 800,
      what: '280 letters of 32 px',
    },
    { text: words, style: '', width: 320, what: '280 letters on a phone' },
    {
      text: words,
      style: 'flashline-ticker { --flashline-font-size: 32px }',
      width: 320,
      what: '280 letters of 32 px on a phone',
    },
  ])('can be read without a hand: $what', async ({ text, style, width }) => {
    const line = text.slice(0, 279)
    await publish(routine('Before'), routine(line))
    const page = await open('', { viewport: { width, height: 400 } }, style)
    await page.shows([line])
    expect((await read(page, line)).length).toBe(line.length)
    await page.shows(['Before'])
  })

  it('has time by its length', async () => {
    await publish(routine('Before'), routine(words.slice(0, 113)))
    const page = await open('', { viewport: { width: 1_280, height: 400 } })
    await page.shows([words.slice(0, 113)])
    await page.raw.clock.runFor(8_000)
    await page.shows([words.slice(0, 113)])
    await page.raw.clock.runFor(3_000)
    await page.shows(['Before'])
  })
})
