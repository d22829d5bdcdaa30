import { launch, type KeyInput } from 'puppeteer-core'
import type { DrivenBrowser, DrivenPage } from './driven-browser.ts'

export interface FirefoxPage extends DrivenPage {
  readonly type: (text: string) => Promise<void>
  /** Presses keys together, as in `press('Control', 'Enter')`. */
  readonly press: (...keys: KeyInput[]) => Promise<void>
}

export interface FirefoxBrowser extends DrivenBrowser {
  /** The script runs in the page before its own ones. */
  readonly open: (url: string, script?: string) => Promise<FirefoxPage>
}

/** A Firefox as it is published, steered over WebDriver BiDi. Playwright steers only a Firefox of its own. */
export async function openFirefox(
  executablePath: string,
  { width = 1400, ...options }: { width?: number; headless?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<FirefoxBrowser> {
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    ...options,
    defaultViewport: null,
    args: [`--width=${width}`, '--height=900'],
  })
  return {
    async open(url, script) {
      const page = await browser.newPage()
      if (script !== undefined) await page.evaluateOnNewDocument(script)
      await page.goto(url)
      return {
        evaluate: <T>(expression: string) => page.evaluate(expression) as Promise<T>,
        pressTab: () => page.keyboard.press('Tab'),
        type: (text) => page.keyboard.type(text),
        async press(...keys) {
          for (const key of keys) await page.keyboard.down(key)
          for (const key of keys.toReversed()) await page.keyboard.up(key)
        },
        close: () => page.close(),
      }
    },
    close: () => browser.close(),
  }
}
