/**
 * `npm run bench:tickers -- --against <dist of another build>`: a page with 20 tickers of one feed in Chromium, and the
 * time of its scripts, layouts and styles for each event. Both builds are measured in turn in one run. Options: --json,
 * --rounds 3, --events 40, --mode strip.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { findChromium } from '../scripts/support/chromium.mjs'
import { startRedis } from '../scripts/support/redis-server.mjs'
import { build, installDependencies } from '../scripts/support/set-up.mjs'
import { startChild } from './support/child.mjs'
import { Editor } from './support/editor.mjs'
import { machineName, markdownTable, median, short } from './support/machine.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const tickerCount = 20
const eventEveryMs = 150
const limitMs = 30_000
const key = 'bench-key-of-thirty-two-characters-or-more'
const figures = /** @type {const} */ (['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'])

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    against: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    events: { type: 'string', default: '40' },
    mode: { type: 'string', default: 'strip' },
  },
})
const eventCount = Number(options.events)

await installDependencies()
await build({ log: () => undefined })
const dists = { this: join(projectRoot, 'dist'), ...(options.against && { other: resolve(options.against) }) }
const dir = await mkdtemp(join(tmpdir(), 'flashline-tickers-'))
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  /** @type {Record<string, Record<string, number>[]>} */
  const rounds = {}
  for (let round = 0; round < Number(options.rounds); round++)
    for (const [name, dist] of Object.entries(dists)) {
      // Each build has data of its own.
      const redis = await startRedis({ dataDir: join(dir, `${name}${round}`), admin: true })
      try {
        ;(rounds[name] ??= []).push(await measure(dist, redis))
      } finally {
        await redis.stop()
      }
    }
  report(rounds)
} finally {
  await browser.close()
  await rm(dir, { recursive: true, force: true })
}

/**
 * @param {string} dist
 * @param {Awaited<ReturnType<typeof startRedis>>} redis
 * @returns {Promise<Record<string, number>>} ms for each event
 */
async function measure(dist, redis) {
  const service = await startChild([process.execPath, join(dist, 'src/main.js'), 'all'], {
    env: {
      REDIS_URL: redis.urlFor('admin'),
      ...redis.roleUrls(),
      HOST: '127.0.0.1',
      PORT: '0',
      BOOTSTRAP_KEY: key,
      ALLOWED_ORIGINS: '*',
      WRITES_PER_MINUTE: '1000000',
      LOG_LEVEL: 'warn',
      ARCHIVE_URL: 'off',
      DRAIN_MS: '0',
    },
  })
  const { url } = await service.ready
  const editor = new Editor(String(url), key)
  const tags = `<flashline-ticker feed="en" mode="${options.mode}"></flashline-ticker>`.repeat(tickerCount)
  const page = `<!doctype html><body>${tags}<script src="${url}/widget/v1.js"></script>`
  const site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page))
  const context = await browser.newContext({ viewport: { width: 1280, height: 1200 } })
  try {
    const policy = { undoMs: { bulletin: 0, routine: 0 }, releasesPerMinute: 100_000 }
    await editor.ask('POST', '/v1/feeds', { body: { id: 'en', title: 'en', lang: 'en', policy } })
    await new Promise((done) => site.listen(0, '127.0.0.1', () => done(undefined)))
    const tab = await context.newPage()
    const cdp = await context.newCDPSession(tab)
    await cdp.send('Performance.enable')
    await post(editor, -1)
    const { port } = /** @type {import('node:net').AddressInfo} */ (site.address())
    await tab.goto(`http://127.0.0.1:${port}/`)
    await shows(tab, textOf(-1))
    const before = await metrics(cdp)
    for (let n = 0; n < eventCount; n++) {
      await post(editor, n)
      await pause(eventEveryMs)
    }
    await shows(tab, textOf(eventCount - 1))
    const after = await metrics(cdp)
    return Object.fromEntries(
      figures.map((name) => [name, (1_000 * ((after[name] ?? 0) - (before[name] ?? 0))) / eventCount]),
    )
  } finally {
    editor.close()
    await context.close()
    site.close()
    site.closeAllConnections()
    await service.stop()
  }
}

/** @param {number} n */
function textOf(n) {
  return `Event ${n} of ${'north south east west '.split(' ')[(n + 4) % 4]} number ${n * 7919}`
}

/**
 * @param {Editor} editor
 * @param {number} n
 */
async function post(editor, n) {
  const body = { text: textOf(n), urgency: 'bulletin' }
  await editor.ask('POST', '/v1/feeds/en/headlines', { body })
}

/**
 * @param {import('playwright-core').Page} tab
 * @param {string} text
 */
async function shows(tab, text) {
  const count = `[...document.querySelectorAll('flashline-ticker')].filter(({ shadowRoot }) => shadowRoot?.textContent.includes(${JSON.stringify(text)})).length`
  await tab.waitForFunction(`${count} === ${tickerCount}`, undefined, { timeout: limitMs })
}

/**
 * @param {import('playwright-core').CDPSession} cdp
 * @returns {Promise<Record<string, number>>} seconds
 */
async function metrics(cdp) {
  const { metrics: list } = await cdp.send('Performance.getMetrics')
  return Object.fromEntries(list.map(({ name, value }) => [name, value]))
}

/** @param {Record<string, Record<string, number>[]>} rounds */
function report(rounds) {
  const of = (/** @type {string} */ name, /** @type {string} */ figure) =>
    median((rounds[name] ?? []).map((round) => round[figure] ?? NaN))
  const rows = figures.map((figure) => {
    const [mine, other] = [of('this', figure), of('other', figure)]
    return [
      figure,
      short(mine),
      rounds['other'] ? short(other) : '',
      rounds['other'] ? short(mine / other) : '',
    ]
  })
  if (options.json) console.log(JSON.stringify(rounds))
  else {
    console.log(`${machineName()}, ${tickerCount} tickers (${options.mode}), ${eventCount} events\n`)
    console.log(markdownTable(['ms for each event', 'this build', 'other build', 'ratio'], rows))
  }
}
