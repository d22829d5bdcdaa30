import { AxeBuilder } from '@axe-core/playwright'
import { describe, expect, it } from '@jest/globals'
import type { Browser, Page, Request } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

const SHOWN_LIMIT_MS = 30_000

describe('the descriptions for people', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService((opened) => {
    ;({ browser, service } = opened)
  })

  /** Opens a page, and waits for a text of its description. */
  async function open(path: string, text: string, colorScheme: 'light' | 'dark' = 'light') {
    const page = await (await browser.newContext({ colorScheme })).newPage()
    const asked: { url: string; request: Request }[] = []
    const errors: string[] = []
    page.on('request', (request) => asked.push({ url: request.url(), request }))
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    await page.goto(`${service.url}${path}`)
    await page.getByText(text).first().waitFor({ timeout: SHOWN_LIMIT_MS })
    return { page, asked, errors }
  }

  it.each([
    { path: '/docs', text: 'Breaking lines, in one order' },
    { path: '/docs/streams', text: 'A feed as a WebSocket' },
  ])('$path shows its description, and asks no other site', async ({ path, text }) => {
    const { page, asked, errors } = await open(path, text)
    await browse(page)

    const own = new URL(service.url).origin
    const others = asked.filter(({ url }) => !url.startsWith(`${own}/`) && !url.startsWith('data:'))
    // The policy refuses what Redoc asks for, before anything is sent.
    for (const { request } of others) expect(request.failure()?.errorText).toBe('csp')
    expect(others.map(({ url }) => url)).toEqual([
      expect.stringMatching(/^https:\/\/cdn\.redoc\.ly\/redoc\/logo-/),
    ])
    expect(errors.filter((error) => !error.startsWith("Loading the image 'https://cdn.redoc.ly/"))).toEqual(
      [],
    )
  })

  it('the two pages lead to each other and to the descriptions', async () => {
    const { page } = await open('/docs', 'Breaking lines, in one order')
    await page.getByRole('link', { name: 'Streams', exact: true }).click()
    await page.getByText('A feed as a WebSocket').first().waitFor({ timeout: SHOWN_LIMIT_MS })
    const link = page.getByRole('link', { name: '/v1/asyncapi.json' })
    const answer = await page.request.get(new URL((await link.getAttribute('href'))!, page.url()).href)
    expect(await answer.json()).toMatchObject({ asyncapi: '3.0.0' })
  })

  it.each([
    { path: '/docs', colorScheme: 'light' },
    { path: '/docs/streams', colorScheme: 'light' },
    { path: '/docs', colorScheme: 'dark' },
    { path: '/docs/streams', colorScheme: 'dark' },
  ] as const)('axe finds nothing in $path, $colorScheme', async ({ path, colorScheme }) => {
    const { page } = await open(path, 'Breaking lines, in one order', colorScheme)
    // Redoc's menu is in no landmark, and its headings leave out a level.
    const { violations } = await new AxeBuilder({ page }).disableRules(['region', 'heading-order']).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([])
  })
})

/** Scrolls through the page, so that all that it loads late is loaded. */
async function browse(page: Page): Promise<void> {
  for (let screen = 0; screen < 10; screen++) {
    await page.mouse.wheel(0, 2_000)
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))')
  }
  await page.waitForLoadState('networkidle')
}
