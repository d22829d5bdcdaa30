import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { openChromium } from '../support/chromium.ts'
import { projectRoot } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { HttpProxy } from '../support/http-proxy.ts'
import { startSystem, type System } from '../support/system.ts'

const LIMIT_MS = 60_000
const FEEDS = 50
/** Streams that a page may hold to one origin. */
const MOST_STREAMS = 2
const feeds = Array.from({ length: FEEDS }, (_, n) => `f${n + 1}`)

let browser: Browser
let system: System
/** Speaks HTTP/1.1 and refuses WebSockets. */
let proxy: HttpProxy
beforeAll(async () => {
  ;[browser, system] = await Promise.all([openChromium(), startSystem()])
  proxy = await HttpProxy.start(system.port)
  for (const id of feeds) await system.createFeed({ id, lang: 'en' })
  await system.serves(feeds.at(-1) ?? '')
}, 120_000)
afterAll(async () => {
  await browser.close()
  proxy.close()
  await system.close()
}, 60_000)

const streams = () => system.metric('sessions{transport="sse"}')

/** A page with the client, on the origin of the proxy. */
async function openClient(): Promise<Page> {
  const page = await browser.newPage()
  await page.route('**/client/*', async (route) => {
    const name = basename(new URL(route.request().url()).pathname)
    const isPage = name === 'page'
    const body = isPage
      ? '<!doctype html><title>Client</title>'
      : await readFile(join(projectRoot, 'dist/web/sdk', name))
    await route.fulfill({ body, contentType: isPage ? 'text/html' : 'text/javascript' })
  })
  await page.goto(`${proxy.url}/client/page`)
  return page
}

it('eight feeds of one page hold two streams, all are current, and none is ever offline', async () => {
  const eight = feeds.slice(0, 8)
  const page = await openClient()
  await page.evaluate(`(async () => {
    const { connect } = await import('/client/index.min.js')
    window.states = new Set()
    window.news = ${JSON.stringify(eight)}.map((feed) => {
      const connection = connect({ url: location.origin, feed })
      connection.on('status', ({ state }) => states.add(state))
      return connection
    })
  })()`)
  const allLive = () => page.evaluate<boolean>(`news.every(({ status }) => status.state === 'live')`)
  await eventually('all are live', LIMIT_MS, allLive)
  expect(await streams()).toBe(MOST_STREAMS)

  for (const feed of eight) await system.publish(feed, [`Now in ${feed}`])
  await eventually('all have the line', LIMIT_MS, () =>
    page.evaluate<boolean>(`news.every(({ strip }) => strip?.[0]?.text.startsWith('Now in'))`),
  )
  expect(await page.evaluate(`fetch('/v1/feeds').then(({ status }) => status)`)).toBe(200)
  expect(await streams()).toBe(MOST_STREAMS)

  // A feed that is closed leaves its place to one that takes turns.
  await page.evaluate(`news.splice(0, 1)[0].close()`)
  const isTaken = async () => (await streams()) === MOST_STREAMS
  await eventually('its place is taken', LIMIT_MS, isTaken)
  await eventually('all are live', LIMIT_MS, allLive)
  expect(await page.evaluate(`states.has('offline')`)).toBe(false)
  await page.close()
}, 120_000)

it('the page with fifty feeds loads and shows new lines of each', async () => {
  const page = await browser.newPage()
  await page.goto(`${proxy.url}/`)
  for (const feed of feeds) await system.publish(feed, [`Fresh in ${feed}.`])
  await eventually('every line shows', LIMIT_MS, async () => {
    const text = await page.evaluate<string>('document.body.textContent')
    return feeds.every((feed) => text.includes(`Fresh in ${feed}.`))
  })
  expect(await streams()).toBeLessThanOrEqual(MOST_STREAMS)
  await page.close()
}, 120_000)
