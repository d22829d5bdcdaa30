import { afterEach, it } from '@jest/globals'
import type { DrivenBrowser } from '../support/driven-browser.ts'
import { expectReturns } from '../support/event-sources.ts'
import { openFirefox } from '../support/firefox.ts'

const path = process.env.FIREFOX_PATH

let browser: DrivenBrowser | undefined
afterEach(() => browser?.close(), 60_000)

const inFirefox = path ? it : it.skip
inFirefox(
  'every EventSource of Firefox comes back to a gateway that was busy and then stopped, and misses no event',
  async () => {
    browser = await openFirefox(path ?? '')
    await expectReturns(browser.open)
  },
  120_000,
)
