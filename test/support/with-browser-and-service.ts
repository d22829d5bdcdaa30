import { afterAll, afterEach, beforeAll } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { startBuiltService, type BuiltService } from './built-service.ts'
import { openChromium } from './chromium.ts'

interface Opened {
  readonly browser: Browser
  readonly service: BuiltService
}

/** Opens Chromium and a service for the tests of a file, and closes the pages after each test. */
export function withBrowserAndService(
  use: (opened: Opened) => unknown,
  settings: Readonly<Record<string, string>> = {},
): void {
  let opened: Opened | undefined
  beforeAll(async () => {
    const [browser, service] = await Promise.all([openChromium(), startBuiltService(settings)])
    opened = { browser, service }
    await use(opened)
  }, 60_000)
  afterEach(async () => {
    for (const context of opened?.browser.contexts() ?? []) await context.close()
  })
  afterAll(async () => {
    await Promise.all([opened?.browser.close(), opened?.service.stop()])
  }, 60_000)
}
