import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { projectRoot } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'
import { notTheService } from '../support/contract/other-servers.ts'

const LIMIT_MS = 20_000
/** A stopped tab sends nothing: the other tabs notice it by its silence. */
const SILENCE_LIMIT_MS = 40_000

let browser: Browser
let system: System
let site: Server

beforeAll(async () => {
  ;[browser, system] = await Promise.all([
    chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? '',
      args: ['--no-sandbox', '--disable-gpu'],
    }),
    startSystem({ ALLOWED_ORIGINS: '*' }),
  ])
  site = createServer(
    (request, response) =>
      void serve(request.url ?? '/').then((file) =>
        response.writeHead(200, { 'Content-Type': file.type }).end(file.body),
      ),
  )
  notTheService(site).listen(0, '127.0.0.1')
  await once(site, 'listening')
}, 60_000)

afterAll(async () => {
  await browser.close()
  site.close()
  await system.close()
}, 60_000)

it('gives the tabs of a browser one connection, and hands it over when its tab closes', async () => {
  const tabs = await openTabs(3)
  expect(tabs.map(({ sockets }) => sockets.length).sort()).toEqual([0, 0, 1])
  await system.publish('en', ['One'])
  await all(tabs, 'One')

  const leader = tabs.find(({ sockets }) => sockets.length === 1)
  const others = tabs.filter((tab) => tab !== leader)
  await Promise.all([leader?.page.close(), system.publish('en', ['Two'])])
  await system.publish('en', ['Three'])
  await all(others, 'Three')

  expect(others.flatMap(({ sockets }) => sockets)).toHaveLength(1)
  for (const { page } of others) expect(await page.evaluate('events')).toEqual(['One', 'Two', 'Three'])
  await tabs[0]?.context.close()
}, 60_000)

it('hands the connection over when its tab is frozen, and updates that tab when it resumes', async () => {
  const [leader, other] = await openTabs(2)
  if (!leader || !other) throw new Error('no tabs')
  // A browser freezes only hidden tabs, so the test dispatches the event itself.
  await leader.page.evaluate('dispatchEvent(new Event("freeze"))')
  await eventually('the other one leads', LIMIT_MS, () => other.sockets.length === 1)
  await system.publish('en', ['Four'])
  await all([other], 'Four')
  expect(await leader.page.evaluate('news.strip[0].text')).toBe('Three')

  await leader.page.evaluate('dispatchEvent(new Event("resume"))')
  await all([leader], 'Four')
  await system.publish('en', ['Five'])
  await all([leader, other], 'Five')
  expect(await other.page.evaluate('events')).toEqual(['Four', 'Five'])
  expect(leader.sockets).toHaveLength(1)
  await leader.context.close()
}, 60_000)

it('takes the connection from a tab that stops without an event', async () => {
  const [leader, other] = await openTabs(2)
  if (!leader || !other) throw new Error('no tabs')
  const debug = await leader.context.newCDPSession(leader.page)
  await debug.send('Debugger.enable')
  await debug.send('Debugger.pause')
  await eventually('the other one leads', SILENCE_LIMIT_MS, () => other.sockets.length === 1)
  await system.publish('en', ['Six'])
  await all([other], 'Six')

  await debug.send('Debugger.resume')
  await debug.send('Debugger.disable')
  await all([leader], 'Six')
  await system.publish('en', ['Seven'])
  await all([leader, other], 'Seven')
  expect(await other.page.evaluate('events')).toEqual(['Six', 'Seven'])
  await leader.context.close()
}, 90_000)

interface Tab {
  readonly context: BrowserContext
  readonly page: Page
  /** URLs of all WebSockets that the tab has opened. */
  readonly sockets: string[]
}

/** Opens tabs one after the other, so that the first one leads. */
async function openTabs(count: number): Promise<Tab[]> {
  const context = await browser.newContext()
  const tabs: Tab[] = []
  for (let n = 0; n < count; n++) {
    const page = await context.newPage()
    const sockets: string[] = []
    page.on('websocket', (socket) => sockets.push(socket.url()))
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
    await page.waitForFunction('news.status.state === "live"', undefined, { timeout: LIMIT_MS })
    tabs.push({ context, page, sockets })
  }
  return tabs
}

async function all(tabs: readonly Tab[], text: string): Promise<void> {
  for (const { page } of tabs)
    await eventually(
      `shows ${text}`,
      LIMIT_MS,
      async () => (await page.evaluate('news.strip[0]?.text')) === text,
    )
}

async function serve(url: string): Promise<{ type: string; body: string | Buffer }> {
  if (url.endsWith('.js')) {
    const body = await readFile(join(projectRoot, 'dist/web/sdk', basename(url)))
    return { type: 'text/javascript', body }
  }
  const body = `<!doctype html><title>Tab</title><script type="module">
    import { connect } from '/index.min.js'
    window.events = []
    window.news = connect({ url: '${system.url}', feed: 'en', shareAcrossTabs: true })
    news.on('event', ({ headline }) => events.push(headline.text))
  </script>`
  return { type: 'text/html', body }
}
