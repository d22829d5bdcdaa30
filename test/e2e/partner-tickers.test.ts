import { openChromium } from '../support/chromium.ts'
import type { DrivenBrowser } from '../support/driven-browser.ts'
import { testPartnerTickerIn } from '../support/partner-ticker-in.ts'

testPartnerTickerIn('Chromium', process.env.CHROMIUM_PATH, drivenChromium)

async function drivenChromium(): Promise<DrivenBrowser> {
  const browser = await openChromium()
  return {
    async open(url) {
      const page = await browser.newPage()
      await page.goto(url)
      return {
        evaluate: (expression) => page.evaluate(expression),
        pressTab: () => page.keyboard.press('Tab'),
        close: () => page.close(),
      }
    },
    close: () => browser.close(),
  }
}
