import { beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { scriptTag, type TickerSite } from '../support/ticker-site.ts'
import { startSystem, type System } from '../support/system.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

const LIMIT_MS = 15_000

let system: System
let site: TickerSite
withTickerSite((opened) => ({ system, site } = opened))

const requestedUrls: string[] = []
let feeds = 0
let feed = ''
/** Each test has a feed of its own. */
beforeEach(async () => {
  feed = `en-${++feeds}`
  await system.createFeed({ id: feed, lang: 'en' })
  await system.serves(feed)
})

const tag = (attributes = '', inside = ''): string =>
  `<flashline-ticker feed="${feed}" ${attributes}>${inside}</flashline-ticker>`

describe('on a page of another site', () => {
  it('needs only its own origin in a strict policy, in every mode and language', async () => {
    await system.publish(feed, ['Here'])
    await system.createFeed({ id: `ar-${feeds}`, lang: 'ar' })
    const [http, ws] = [system.url, system.url.replace('http', 'ws')]
    const page = await site.visit(
      `${tag()}${tag('mode="crawl" share cache')}<flashline-ticker feed="ar-${feeds}"></flashline-ticker>${scriptTag(http)}`,
      {
        headers: {
          'Content-Security-Policy': `default-src 'none'; img-src data:; script-src ${http}; connect-src ${http} ${ws}; require-trusted-types-for 'script'; trusted-types 'none'`,
        },
        prepare: (raw) =>
          raw.addInitScript(`window.stopped = []
            addEventListener('securitypolicyviolation', (e) => stopped.push(e.effectiveDirective))`),
      },
    )
    await page.shows(['Here'], 0)
    await page.shows(['Here'], 1)
    await page.ticker(2).getByRole('button', { name: 'إخفاء' }).waitFor()
    await eventually('it crawls', LIMIT_MS, () => page.inside<boolean>('root.getAnimations().length > 0', 1))
    expect(await page.raw.evaluate('stopped')).toEqual([])
    expect(page.faults).toEqual([])
  })

  it('can be loaded with its checksum, and does not run with a wrong one', async () => {
    await system.publish(feed, ['Here'])
    const { src, integrity } = (await (await fetch(`${system.url}/widget/v1.json`)).json()) as Record<
      string,
      string
    >
    const script = (sum?: string): string =>
      `<script src="${system.url}${src}" integrity="${sum}" crossorigin="anonymous" async></script>`
    const page = await site.visit(tag() + script(integrity))
    await page.shows(['Here'])
    expect(page.faults).toEqual([])
    const forged = await site.visit(tag() + script(integrity?.replace(/.{4}$/, 'AAAA')))
    await eventually('the browser refuses', LIMIT_MS, () =>
      forged.faults.some((it) => it.includes('integrity')),
    )
    expect(await forged.raw.evaluate("customElements.get('flashline-ticker')")).toBeUndefined()
  })

  it('is not changed by styles and scripts of the page, and changes nothing outside itself', async () => {
    await system.publish(feed, [{ text: 'Here', link: 'https://example.org/', urgency: 'urgent' }])
    const page = await site.visit(
      `<style>
        :root { font-size: 4px } * { color: lime !important; font: 60px fantasy !important; float: left }
        button, a, ol, li, span { display: none !important } flashline-ticker { line-height: 9; text-indent: 40em;
          text-transform: uppercase; letter-spacing: 3em; direction: rtl; visibility: visible; white-space: pre }
      </style>
      <script>
        Array.prototype.extra = () => 1; Object.prototype.extra = 2
        String.prototype.includes = () => { throw new Error('broken') }
        window.before = Object.keys(window)
      </script>
      ${tag('mode="list"')}${scriptTag(system.url)}${scriptTag(system.url)}
      <script>addEventListener('load', () => { window.names = Object.keys(window).filter((it) => !before.includes || !before.some((b) => b === it)) })</script>`,
    )
    await page.shows(['Here'])
    const appearance = await page.inside<Record<string, string>>(`(() => {
      const { color, fontSize, display, letterSpacing, textTransform, float } = getComputedStyle(root.querySelector('.headline'))
      return { color, fontSize, display, letterSpacing, textTransform, float }
    })()`)
    expect(appearance).toEqual({
      color: 'rgb(26, 26, 26)',
      fontSize: '16px',
      display: 'block',
      letterSpacing: 'normal',
      textTransform: 'none',
      float: 'none',
    })
    expect(await page.ticker().getByRole('button', { name: 'Hide' }).isVisible()).toBe(true)
    expect(await page.raw.evaluate('names.filter((it) => it !== "before" && it !== "names")')).toEqual([])
    expect(page.faults).toEqual([])
  })

  it('does not use elements of the page to find the URL of its script', async () => {
    await system.createFeed({ id: `ar-x${feeds}`, lang: 'ar' })
    const elsewhere = site.origin
    const page = await site.visit(
      `<img name="currentScript" src="${elsewhere}/evil/v1.js"><form name="currentScript"></form>
       <flashline-ticker feed="ar-x${feeds}" mode="crawl"></flashline-ticker>${scriptTag(system.url)}`,
      {
        prepare: (raw) => {
          raw.on('request', (request) => requestedUrls.push(request.url()))
          return Promise.resolve()
        },
      },
    )
    await page.ticker().getByRole('button', { name: 'إخفاء' }).waitFor()
    expect(
      requestedUrls.filter((url) => url.startsWith(`${elsewhere}/evil/`) && !url.endsWith('/evil/v1.js')),
    ).toEqual([])
  })

  it('shows hostile text as text, and no invalid link', async () => {
    const attack = '<img src=x onerror="window.attacked=1"><script>window.attacked=2</script>'
    await system.publish(feed, [{ text: attack, speaker: '<b>Somebody</b>' }])
    const page = await site.visit(tag('mode="list"') + scriptTag(system.url))
    await page.shows([`<b>Somebody</b>: ${attack}`])
    expect(await page.inside("root.querySelectorAll('img, script, b, a').length")).toBe(0)
    expect(await page.raw.evaluate('window.attacked')).toBeUndefined()
  })

  it('opens links in a new tab, without a referrer', async () => {
    await system.publish(feed, [{ text: 'Here', link: 'https://example.org/a?b=1' }])
    const page = await site.visit(tag() + scriptTag(system.url))
    await page.shows(['Here'])
    const link = page.ticker().locator('a')
    expect(await link.getAttribute('href')).toBe('https://example.org/a?b=1')
    expect([await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual([
      '_blank',
      'noopener noreferrer',
    ])
  })

  it.each(['strip', 'list', 'crawl'])(
    'moves nothing of the page when it comes late, fills and changes (%s)',
    async (mode) => {
      const [line] = await system.publish(feed, ['One', 'Two', 'A much longer line, '.repeat(12)])
      const page = await site.visit(
        `<style>flashline-ticker:not(:defined) { display: block; block-size: 48px }
        flashline-ticker[mode=list]:not(:defined) { block-size: 320px }</style>
       <script>window.shifts = []; new PerformanceObserver((list) => shifts.push(...list.getEntries()))
         .observe({ type: 'layout-shift', buffered: true })</script>
       <p>Above</p>${tag(`mode="${mode}"`)}<p>Below</p>
       <script>setTimeout(() => document.body.append(Object.assign(document.createElement('script'),
         { src: '${system.url}/widget/v1.js' })), 300)</script>`,
      )
      await page.ticker().locator('.headline').first().waitFor()
      await system.publish(feed, ['Four'])
      await page.ticker().locator('.headline', { hasText: 'Four' }).waitFor()
      await system.withdraw(feed, line!.headline)
      await eventually('all has settled', LIMIT_MS, async () => !(await page.texts()).includes('One'))
      await page.raw.evaluate(
        'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
      )
      // Lines inside the ticker move for a newer one, except in a strip; nothing outside moves.
      const counted = mode !== 'strip' ? '.filter(({ sources }) => sources.some(({ node }) => node))' : ''
      expect(await page.raw.evaluate(`shifts${counted}.reduce((sum, { value }) => sum + value, 0)`)).toBe(0)
    },
  )

  it('shows the page’s content inside it until it has a strip, and if it gets none', async () => {
    await system.publish(feed, ['Here'])
    const inside = '<a href="/all">All the news</a>'
    const without = await site.visit(tag('', inside))
    expect(await without.raw.getByText('All the news').isVisible()).toBe(true)
    const wrong = await site.visit(
      `<flashline-ticker feed="nope">${inside}</flashline-ticker>${scriptTag(system.url)}`,
    )
    await eventually('it is refused', LIMIT_MS, () =>
      wrong.inside<boolean>("ticker.dataset.state === 'refused'"),
    )
    expect(await wrong.raw.getByText('All the news').isVisible()).toBe(true)
    const page = await site.visit(tag('', inside) + scriptTag(system.url))
    await page.shows(['Here'])
    expect(await page.raw.getByText('All the news').isVisible()).toBe(false)
  })

  it('stores nothing in the browser unless the page allows it', async () => {
    await system.publish(feed, ['Here'])
    const kept =
      'Object.keys(localStorage).length + Object.keys(sessionStorage).length + document.cookie.length'
    const page = await site.visit(tag() + scriptTag(system.url))
    await page.shows(['Here'])
    expect(await page.raw.evaluate(kept)).toBe(0)
    await page.inside("ticker.setAttribute('cache', '')")
    await eventually('the strip is kept', LIMIT_MS, async () => (await page.raw.evaluate(kept)) === 1)
    await page.inside("ticker.removeAttribute('cache')")
    await eventually('nothing is kept', LIMIT_MS, async () => (await page.raw.evaluate(kept)) === 0)
    expect(await page.raw.evaluate('document.cookie')).toBe('')
    expect(await page.raw.context().cookies()).toEqual([])
  })

  it('shares one connection and one timer among twenty tickers of a feed with different settings', async () => {
    await system.publish(feed, ['Here'])
    const modes = ['strip', 'list', 'crawl']
    const tickers = Array.from({ length: 20 }, (_, n) => tag(`mode="${modes[n % 3]}" max="${n + 1}"`))
    const page = await site.visit(tickers.join('') + scriptTag(system.url), {
      prepare: (raw) =>
        raw.addInitScript(`window.timers = 0; const set = setInterval
          window.setInterval = (...args) => { timers++; return set(...args) }`),
    })
    await Promise.all(tickers.map((_, n) => page.shows(['Here'], n)))
    expect(page.sockets).toHaveLength(1)
    expect(await page.raw.evaluate('timers')).toBe(1)
    await page.raw.evaluate("document.querySelectorAll('flashline-ticker').forEach((it) => it.remove())")
    await eventually(
      'nobody reads',
      LIMIT_MS,
      async () => (await system.metric('sessions{transport="ws"}')) === 0,
    )
  })

  it('passes the connection from tab to tab if the page asks for one connection for all', async () => {
    await system.publish(feed, ['One'])
    const first = await site.visit(tag('share') + scriptTag(system.url))
    await first.shows(['One'])
    const second = await first.raw.context().newPage()
    const sockets: string[] = []
    second.on('websocket', (socket) => sockets.push(socket.url()))
    await second.goto(first.raw.url())
    const headline = second.locator('flashline-ticker .headline')
    await headline.filter({ hasText: 'One' }).waitFor()
    expect(sockets).toEqual([])
    await first.raw.close()
    await system.publish(feed, ['Two'])
    await headline.filter({ hasText: 'Two' }).waitFor()
    expect(sockets).toHaveLength(1)
  })
})

describe('on a page that may not read', () => {
  it('shows a short text, warns once in the console, and does not retry at once', async () => {
    const page = await site.visit(
      `<flashline-ticker feed="nope"></flashline-ticker>${scriptTag(system.url)}`,
      {
        prepare: (raw) => raw.clock.install(),
      },
    )
    await page.ticker().locator('.notice').filter({ hasText: 'Not available' }).waitFor()
    await page.raw.clock.runFor(50_000)
    expect(page.faults.filter((it) => it.startsWith('flashline-ticker'))).toEqual([
      `flashline-ticker: ${system.url} has no feed "nope"`,
    ])
    expect(page.sockets.length).toBeLessThanOrEqual(3)
    await page.inside(`ticker.setAttribute('feed', '${feed}')`)
    await system.publish(feed, ['Here'])
    await page.shows(['Here'])
  })

  it('shows a short text on a site that the operator has not allowed', async () => {
    const strict = await startSystem({ ALLOWED_ORIGINS: 'https://news.example' })
    try {
      const page = await site.visit(`<flashline-ticker feed="en"></flashline-ticker>${scriptTag(strict.url)}`)
      await page.ticker().locator('.notice').filter({ hasText: 'Not available' }).waitFor()
      expect(await page.inside('ticker.dataset.state')).toBe('refused')
      await eventually('the console says why', LIMIT_MS, () =>
        page.faults.includes(`flashline-ticker: ${site.origin} is not in ALLOWED_ORIGINS of ${strict.url}`),
      )
    } finally {
      await strict.close()
    }
  })

  it.each(['http://[', 'javascript:alert(1)', ''])('refuses an invalid URL: "%s"', async (src) => {
    const page = await site.visit(`<flashline-ticker feed="en" src="${src}"></flashline-ticker>`)
    await page.raw.addScriptTag({ url: `${system.url}/widget/v1.js` })
    await eventually('it has tried', LIMIT_MS, () => page.inside<boolean>("'state' in ticker.dataset"))
    expect(page.faults.filter((it) => !it.includes('flashline-ticker:'))).toEqual([])
  })
})
