/**
 * `npm run bench:on-air`: the picture on air in Chromium at 1920 × 1080. The CPU of the crawl beside that of a ticker of
 * the same text that CSS moves by `left`, and of a page that moves nothing; dropped frames; the time from the request to
 * withdraw a line until the first frame without it. Options: --json, --seconds 20 for each page, --rounds 3,
 * --withdrawals 40, --minutes 30 (one long crawl, with its memory).
 */
import { mkdtemp, rm } from 'node:fs/promises'
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
const key = 'bench-key-of-thirty-two-characters-or-more'
const limitMs = 60_000
const lineCount = 10
const words = 'The foreign ministry said talks between the two sides would resume in the capital on Monday'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    withdrawals: { type: 'string', default: '40' },
    minutes: { type: 'string' },
  },
})

await installDependencies()
await build({ log: () => undefined })
const dir = await mkdtemp(join(tmpdir(), 'flashline-on-air-'))
const redis = await startRedis({ dataDir: dir, admin: true })
const service = await startChild([process.execPath, join(projectRoot, 'dist/src/main.js'), 'all'], {
  env: {
    REDIS_URL: redis.urlFor('admin'),
    ...redis.roleUrls(),
    HOST: '127.0.0.1',
    PORT: '0',
    BOOTSTRAP_KEY: key,
    WRITES_PER_MINUTE: '1000000',
    LOG_LEVEL: 'warn',
    ARCHIVE_URL: 'off',
    DRAIN_MS: '0',
  },
})
const url = String((await service.ready).url)
const editor = new Editor(url, key)
try {
  const policy = { undoMs: { bulletin: 0, routine: 0 }, releasesPerMinute: 100_000 }
  await editor.ask('POST', '/v1/feeds', { body: { id: 'en', title: 'en', lang: 'en', policy } })
  for (let n = 0; n < lineCount; n++) await post(`${words} ${n}`)
  const pages = { empty, crawl, left }
  /** @type {Record<string, Awaited<ReturnType<typeof measure>>[]>} */
  const rounds = {}
  const seconds = options.minutes === undefined ? Number(options.seconds) : 60 * Number(options.minutes)
  for (let round = 0; round < (options.minutes === undefined ? Number(options.rounds) : 1); round++)
    for (const [name, open] of Object.entries(pages)) (rounds[name] ??= []).push(await measure(open, seconds))
  report(rounds, await withdrawals(Number(options.withdrawals)))
} finally {
  editor.close()
  await service.stop()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
}

/** @param {string} text */
async function post(text) {
  const body = { text, urgency: 'routine' }
  const answer = await editor.ask('POST', '/v1/feeds/en/headlines', { body })
  return /** @type {{ id: string }} */ (answer.body.headline)
}

async function openBrowser() {
  const args = ['--no-sandbox', '--disable-gpu']
  const browser = await chromium.launch({ executablePath: await findChromium(), args })
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  return { browser, page }
}

/** @param {import('playwright-core').Page} page */
async function empty(page) {
  await page.goto(`${url}/on-air/no-such-feed`)
}

/** @param {import('playwright-core').Page} page */
async function crawl(page) {
  await page.goto(`${url}/on-air/en`)
  await page.locator('.belt .item').first().waitFor({ state: 'attached', timeout: limitMs })
}

/** The same words in the same size, moved as many tickers of templates are. @param {import('playwright-core').Page} page */
async function left(page) {
  await page.goto(`${url}/on-air/no-such-feed`)
  const text = Array.from({ length: lineCount }, (_, n) => `${words} ${n}`).join(' ■ ')
  await page.evaluate(`(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(
      '.band{position:absolute;left:96px;top:950px;width:1728px;height:76px;overflow:hidden;background:#0b1f3aee;color:#fff;font:600 41px/76px sans-serif}' +
      '.text{position:absolute;white-space:nowrap;animation:run 60s linear infinite}' +
      '@keyframes run{from{left:1728px}to{left:-16000px}}')
    document.adoptedStyleSheets = [sheet]
    const band = Object.assign(document.createElement('div'), { className: 'band' })
    band.append(Object.assign(document.createElement('span'), { className: 'text', textContent: ${JSON.stringify(text)} }))
    document.body.append(band)
  })()`)
}

/**
 * @param {(page: import('playwright-core').Page) => Promise<void>} open
 * @param {number} seconds
 */
async function measure(open, seconds) {
  const { browser, page } = await openBrowser()
  try {
    await open(page)
    await pause(2_000)
    const system = await browser.newBrowserCDPSession()
    const tab = await page.context().newCDPSession(page)
    await tab.send('Performance.enable')
    // Frames are counted in every page, so that their cost is in each figure.
    await page.evaluate(
      `globalThis.times = []; (function count(time) { times.push(time); requestAnimationFrame(count) })(performance.now())`,
    )
    const before = [await cpuSeconds(system), await heapBytes(tab)]
    await pause(seconds * 1_000)
    const after = [await cpuSeconds(system), await heapBytes(tab)]
    const times = /** @type {number[]} */ (await page.evaluate('times'))
    const steps = times.slice(1).map((time, n) => time - (times[n] ?? time))
    const usual = median(steps)
    const dropped = steps.reduce((sum, step) => sum + Math.max(0, Math.round(step / usual) - 1), 0)
    return {
      cpu: ((after[0] ?? 0) - (before[0] ?? 0)) / seconds,
      droppedPercent: (100 * dropped) / (steps.length + dropped),
      heapRatio: (after[1] ?? 0) / (before[1] ?? 1),
    }
  } finally {
    await browser.close()
  }
}

/** The processes of the browser together: some draw, and others put the layers together. @param {import('playwright-core').CDPSession} system */
async function cpuSeconds(system) {
  const { processInfo } = await system.send('SystemInfo.getProcessInfo')
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

/** @param {import('playwright-core').CDPSession} tab */
async function heapBytes(tab) {
  await tab.send('HeapProfiler.collectGarbage')
  const { metrics } = await tab.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0
}

/**
 * Ms from the request to withdraw a line that is in the picture until the first frame after it has left the document.
 * @param {number} count
 */
async function withdrawals(count) {
  const { browser, page } = await openBrowser()
  /** @type {number[]} */
  const found = []
  try {
    await crawl(page)
    for (let n = 0; n < count; n++) {
      const { id } = await post(`Withdrawn ${n}`)
      const gone = `new Promise((done) => {
        const belt = document.querySelector('flashline-on-air').shadowRoot.querySelector('.belt')
        const item = () => belt.querySelector('[data-id="${id}"]')
        let wasSeen = false
        ;(function look() {
          wasSeen ||= item() !== null && item().getBoundingClientRect().left < 1800
          if (wasSeen && !globalThis.seen) globalThis.seen = '${id}'
          if (wasSeen && item() === null) requestAnimationFrame(() => done(Date.now()))
          else requestAnimationFrame(look)
        })()
      })`
      const ended = page.evaluate(`globalThis.seen = undefined, ${gone}`)
      // Not `waitForFunction`, which the policy of the page refuses.
      while ((await page.evaluate('globalThis.seen')) !== id) await pause(50)
      const from = Date.now()
      await editor.ask('POST', `/v1/feeds/en/headlines/${id}/withdraw`, { body: {} })
      found.push(Number(await ended) - from)
    }
  } finally {
    await browser.close()
  }
  found.sort((a, b) => a - b)
  return found
}

/**
 * @param {Record<string, Awaited<ReturnType<typeof measure>>[]>} rounds
 * @param {number[]} withdrawn
 */
function report(rounds, withdrawn) {
  const of = (/** @type {string} */ page, /** @type {'cpu' | 'droppedPercent' | 'heapRatio'} */ figure) =>
    median((rounds[page] ?? []).map((each) => each[figure]))
  const at = (/** @type {number} */ share) =>
    withdrawn[Math.min(withdrawn.length - 1, Math.floor(share * withdrawn.length))]
  const figures = {
    machine: machineName(),
    cpu: Object.fromEntries(Object.keys(rounds).map((page) => [page, of(page, 'cpu')])),
    crawlOfLeft: of('crawl', 'cpu') / of('left', 'cpu'),
    droppedPercent: Object.fromEntries(Object.keys(rounds).map((page) => [page, of(page, 'droppedPercent')])),
    crawlHeapRatio: of('crawl', 'heapRatio'),
    withdrawnMs: { p50: at(0.5), p99: at(0.99), max: withdrawn.at(-1) },
  }
  if (options.json) {
    console.log(JSON.stringify(figures, undefined, 2))
    return
  }
  const rows = Object.keys(rounds).map((page) => [
    page,
    short(of(page, 'cpu')),
    `${short(of(page, 'droppedPercent'))} %`,
  ])
  console.log(markdownTable(['page', 'cores', 'dropped frames'], rows))
  console.log(`CPU of the crawl ÷ that of the ticker by left: ${short(figures.crawlOfLeft)}`)
  console.log(`Heap of the crawl after ÷ before: ${short(figures.crawlHeapRatio)}`)
  const { p50, p99, max } = figures.withdrawnMs
  console.log(
    `Request to withdraw → first frame without the line: p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`,
  )
  console.log(figures.machine)
}
