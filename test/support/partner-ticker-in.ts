import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { DrivenBrowser, DrivenPage } from './driven-browser.ts'
import { eventually } from './eventually.ts'
import { bearer, partnersOn, type TestPartner } from './partners.ts'
import { startSystem, type System } from './system.ts'
import { scriptTag, SHOWN_TIMEOUT_MS } from './ticker-site.ts'
import { openTokenSite, type TokenSite } from './token-site.ts'

/** How pages show a feed for partners in a browser. Without a path of the browser, all tests are skipped. */
export function testPartnerTickerIn(
  name: string,
  path: string | undefined,
  openBrowser: (path: string) => Promise<DrivenBrowser>,
): void {
  const inBrowser = path ? describe : describe.skip
  inBrowser(`a feed for partners in ${name}`, () => {
    let browser: DrivenBrowser
    let system: System
    let site: TokenSite
    let partner: TestPartner

    beforeAll(async () => {
      ;[browser, system] = await Promise.all([openBrowser(path ?? ''), startSystem()])
      const partners = partnersOn(system)
      await system.createFeed({ id: 'wire', lang: 'en', visibility: 'partners' })
      site = await openTokenSite(pageAt, (origin) => partners.token(partner, { origin }))
      partner = await partners.make(['wire'], { origins: [site.origin] })
      await eventually('the key is known', 20_000, async () => {
        return (await system.snapshot('wire', bearer(partner.key))).status === 200
      })
      await system.publish('wire', ['For partners only'])
    }, 60_000)

    afterAll(async () => {
      await browser.close()
      site.close()
      await system.close()
    }, 60_000)

    const ticker = (attributes: string) =>
      `<flashline-ticker feed="wire" mode="list" notices="0" ${attributes}></flashline-ticker>`

    function pageAt(address: string): string {
      switch (address) {
        case '/attribute':
          return ticker('token-from="/token" cache share') + scriptTag(system.url)
        case '/property':
          return `${ticker('')}<script>document.querySelector('flashline-ticker').token = async () =>
          (await (await fetch('/token')).json()).token</script>${scriptTag(system.url)}`
        case '/without':
          return ticker('') + scriptTag(system.url)
        default:
          return `<script type="module">
          import { connect } from '/index.min.js'
          window.news = connect({ url: '${system.url}', feed: 'wire', token: async () =>
            (await (await fetch('/token')).json()).token })
        </script>`
      }
    }

    const lines = `[...document.querySelector('flashline-ticker').shadowRoot?.querySelectorAll('.headline') ?? []].map((each) => each.textContent).join(' | ')`
    const shows = (page: DrivenPage, wanted: string, expression = lines) =>
      eventually(
        `shows ${wanted}`,
        SHOWN_TIMEOUT_MS,
        async () => (await page.evaluate<string>(expression)) === wanted,
      )

    it.each(['/attribute', '/property'])(
      'is shown and kept live by the element: %s',
      async (address) => {
        const before = site.asked()
        const page = await browser.open(site.origin + address)
        await shows(page, 'For partners only')
        const [event] = await system.publish('wire', ['News for partners'])
        await shows(page, 'News for partners | For partners only')
        await system.withdraw('wire', event!.headline)
        await eventually('the line is gone', SHOWN_TIMEOUT_MS, async () => {
          return !(await page.evaluate<string>(lines)).includes('News for')
        })
        expect(site.asked() - before).toBe(1)
        expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).toBe('{}')
        const addresses = `performance.getEntriesByType('resource').map(({ name }) => name).join(' ')`
        expect(await page.evaluate(addresses)).not.toMatch(/token=|eyJ/)
        await page.close()
      },
      60_000,
    )

    it('is not shown by the element without a token', async () => {
      const page = await browser.open(`${site.origin}/without`)
      const state = `document.querySelector('flashline-ticker').dataset.state`
      await shows(page, 'refused', state)
      expect(await page.evaluate(lines)).toBe('')
      await page.close()
    }, 60_000)

    it('is read by the client library', async () => {
      const page = await browser.open(`${site.origin}/library`)
      await shows(page, 'live', `window.news?.status.state ?? ''`)
      const [event] = await system.publish('wire', ['News for the library'])
      await shows(page, 'News for the library', `news.strip?.[0]?.text ?? ''`)
      expect(await page.evaluate('news.status.transport')).toBe('sse')
      await system.withdraw('wire', event!.headline)
      await page.close()
    }, 60_000)
  })
}
