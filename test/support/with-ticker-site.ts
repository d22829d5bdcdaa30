import { afterAll, afterEach, beforeAll } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { startSystem, type System } from './system.ts'
import { openBrowser, TickerSite } from './ticker-site.ts'

interface Opened {
  readonly browser: Browser
  /** Its feeds may be read by every site. */
  readonly system: System
  readonly site: TickerSite
}

/** Opens a browser, the service and another site for the tests of a file, and closes the pages after each test. */
export function withTickerSite(use: (opened: Opened) => unknown): void {
  let opened: Opened | undefined
  beforeAll(async () => {
    const [browser, system] = await Promise.all([openBrowser(), startSystem({ ALLOWED_ORIGINS: '*' })])
    opened = { browser, system, site: await TickerSite.open(browser) }
    await use(opened)
  }, 60_000)
  afterEach(() => opened?.site.leave())
  afterAll(async () => {
    await opened?.browser.close()
    opened?.site.close()
    await opened?.system.close()
  }, 60_000)
}
