import { afterEach, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { openChromium } from '../support/chromium.ts'
import { expectReturns } from '../support/event-sources.ts'

let browser: Browser | undefined
afterEach(() => browser?.close(), 60_000)

it('every EventSource of a browser comes back to a gateway that was busy and then stopped, and misses no event', async () => {
  const opened = (browser = await openChromium())
  await expectReturns(async (url) => {
    const page = await opened.newPage()
    await page.goto(url)
    return page
  })
}, 120_000)
