import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core'
import { eventually } from './eventually.ts'
import { notTheService } from './contract/other-servers.ts'

export const SHOWN_TIMEOUT_MS = 15_000

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '',
    args: ['--no-sandbox', '--disable-gpu'],
  })
}

export interface TickerPage {
  readonly raw: Page
  /** Console errors and warnings, uncaught errors, and violations of the content security policy. */
  readonly faults: readonly string[]
  /** URLs of the WebSockets that the page has opened. */
  readonly sockets: readonly string[]
  /** The ticker with this index; by default the first. */
  readonly ticker: (n?: number) => Locator
  /** The texts of the ticker's lines, as they show. */
  readonly texts: (n?: number) => Promise<string[]>
  readonly shows: (texts: readonly string[], n?: number) => Promise<unknown>
  /** Evaluates an expression with the variables `ticker` and `root`, its shadow root. */
  readonly inside: <T>(expression: string, n?: number) => Promise<T>
}

export interface Visit extends BrowserContextOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly prepare?: (raw: Page) => Promise<unknown>
}

/** Serves pages with any HTML on an origin other than Flashline's. */
export class TickerSite {
  readonly #browser: Browser
  readonly #server: Server
  readonly #pages = new Map<string, { html: string; headers: Readonly<Record<string, string>> }>()

  private constructor(browser: Browser) {
    this.#browser = browser
    this.#server = notTheService(
      createServer((request, response) => {
        const page = this.#pages.get(request.url ?? '')
        response
          .writeHead(page ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', ...page?.headers })
          .end(page?.html)
      }),
    )
  }

  static async open(browser: Browser): Promise<TickerSite> {
    const site = new TickerSite(browser)
    site.#server.listen(0, '127.0.0.1')
    await once(site.#server, 'listening')
    return site
  }

  get origin(): string {
    // A different host name of the same computer is a different origin.
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  async visit(html: string, { headers = {}, prepare, ...options }: Visit = {}): Promise<TickerPage> {
    const path = `/${this.#pages.size + 1}`
    const whole = `<!doctype html><html lang="en"><title>A page</title><link rel="icon" href="data:,"><body>${html}`
    this.#pages.set(path, { html: whole, headers })
    const context = await this.#browser.newContext(options)
    const raw = await context.newPage()
    raw.setDefaultTimeout(SHOWN_TIMEOUT_MS)
    const faults: string[] = []
    const sockets: string[] = []
    raw.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(message.text())
    })
    raw.on('pageerror', (error) => faults.push(String(error)))
    raw.on('websocket', (socket) => sockets.push(socket.url()))
    await prepare?.(raw)
    await raw.goto(this.origin + path)
    const ticker = (n = 0): Locator => raw.locator('flashline-ticker').nth(n)
    const texts = (n?: number): Promise<string[]> => ticker(n).locator('.headline').allTextContents()
    return {
      raw,
      faults,
      sockets,
      ticker,
      texts,
      inside: (expression, n = 0) =>
        raw.evaluate(`(() => {
          const ticker = document.querySelectorAll('flashline-ticker')[${n}], root = ticker.shadowRoot
          return ${expression}
        })()`),
      shows: (wanted, n) =>
        eventually(
          `shows ${wanted.join(' | ')}`,
          SHOWN_TIMEOUT_MS,
          async () => (await texts(n)).join(' | ') === wanted.join(' | '),
        ),
    }
  }

  /** Closes all pages. */
  async leave(): Promise<void> {
    for (const context of this.#browser.contexts()) await context.close()
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

/** The HTML tag that a site owner writes. */
export function scriptTag(flashline: string): string {
  return `<script src="${flashline}/widget/v1.js" async></script>`
}
