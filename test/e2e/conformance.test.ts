import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { startConformance, type Conformance } from '../../src/conformance/start-conformance.ts'
import { openChromium } from '../support/chromium.ts'
import { projectRoot } from '../support/cluster.ts'
import { SdkReader } from '../support/sdk-reader.ts'

const LIMIT_MS = 60_000

describe('the page of a conformance run', () => {
  let browser: Browser
  let conformance: Conformance
  let reader: SdkReader | undefined
  beforeAll(async () => {
    const place = { port: 0, host: '127.0.0.1', protocol: join(projectRoot, 'PROTOCOL.md') }
    const settings = { heartbeatMs: 500, quietMs: 1_500, settleMs: 300, limitMs: 20_000 }
    ;[browser, conformance] = await Promise.all([openChromium(), startConformance(place, settings)])
  })
  afterEach(async () => {
    reader?.connection.close()
    for (const context of browser.contexts()) await context.close()
  })
  afterAll(() => Promise.all([browser.close(), conformance.close()]))

  async function open(colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await (await browser.newContext({ colorScheme })).newPage()
    await page.goto(`${conformance.url}/conformance`)
    return page
  }

  /** Starts a run. Gives its address. */
  async function start(page: Page): Promise<string> {
    await page.getByRole('button', { name: 'Start a run' }).click()
    const address = page.locator('#address').filter({ hasText: 'http' })
    return (await address.textContent())!
  }

  it('shows a partner step by step that the client copes', async () => {
    const page = await open()
    const address = await start(page)

    reader = new SdkReader({ url: address, feed: 'conformance' }, { random: () => 0.05 })
    reader.connection.on('strip', (lines) => {
      const body = JSON.stringify({ lines: lines.map(({ id, text }) => ({ id, text })) })
      void fetch(`${address}/strip`, { method: 'POST', body })
    })

    await page.getByText('The run is over: 14 passed, 0 failed, 0 not seen.').waitFor({ timeout: LIMIT_MS })
    const row = page.getByRole('row', { name: 'A missing event' })
    expect(await row.locator('strong').textContent()).toBe('Passed')
    expect(await row.getByRole('link').getAttribute('href')).toContain('/conformance/protocol.txt#')
  })

  it('asks a person what the client shows', async () => {
    const page = await open()
    await page.getByLabel('I say on this page what the client shows').check()
    const address = await start(page)
    reader = new SdkReader({ url: address, feed: 'conformance' })

    await page.getByRole('heading', { name: 'Does your client show these lines' }).waitFor()
    expect(await page.locator('#wanted li').allTextContents()).toEqual(reader.texts)
    await page.getByRole('button', { name: 'It shows something else' }).click()

    const row = page.getByRole('row', { name: 'The first strip' })
    await row.getByText('Failed').waitFor()
    expect(await row.textContent()).toContain('It shows something else, says the page.')
  })

  it.each(['light', 'dark'] as const)('axe finds nothing, %s', async (colorScheme) => {
    const page = await open(colorScheme)
    await page.getByRole('button', { name: 'Start a run' }).click()
    await page.getByText('Waiting for the client.').waitFor()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([])
  })
})
