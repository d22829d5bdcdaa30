import { afterEach, it } from '@jest/globals'
import type { DrivenBrowser } from '../support/driven-browser.ts'
import { expectReturns } from '../support/event-sources.ts'
import { openWebKit } from '../support/webkit.ts'

const path = process.env.WEBKIT_DRIVER_PATH

let browser: DrivenBrowser | undefined
afterEach(() => browser?.close(), 60_000)

const inWebKit = path ? it : it.skip
inWebKit(
  'every EventSource of WebKit comes back to a gateway that was busy and then stopped, and misses no event',
  async () => {
    browser = await openWebKit(path ?? '')
    await expectReturns(browser.open)
  },
  120_000,
)
