import { launch } from 'puppeteer-core'
import type { DrivenBrowser } from './driven-browser.ts'

/** A Firefox as it is published, steered over WebDriver BiDi. Playwright steers only a Firefox of its own. */
export async function openFirefox(
  executablePath: string,
  { width = 1400, ...options }: { width?: number; headless?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<DrivenBrowser> {
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    ...options,
    defaultViewport: null,
    args: [`--width=${width}`, '--height=900'],
  })
  return {
    async open(url) {
      const page = await browser.newPage()
      await page.goto(url)
      return {
        evaluate: <T>(expression: string) => page.evaluate(expression) as Promise<T>,
        pressTab: () => page.keyboard.press('Tab'),
        close: () => page.close(),
      }
    },
    close: () => browser.close(),
  }
}
