/**
 * `npm run bench:desk-ui`: the newsroom's desk in Chromium, against the built service with a Redis of its own. Options:
 * --only load|typing|acts|desks|shift, --minutes 10 (of the shift), --rounds 40, --json.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { findChromium } from '../scripts/support/chromium.mjs'
import { startRedis } from '../scripts/support/redis-server.mjs'
import { build, installDependencies } from '../scripts/support/set-up.mjs'
import { measureActs } from './desk-ui/acts.mjs'
import { isFull, load, openDesk } from './desk-ui/desk-tab.mjs'
import { measureFirstLoad } from './desk-ui/first-load.mjs'
import { openNewsroom } from './desk-ui/newsroom.mjs'
import { playShift } from './desk-ui/shift.mjs'
import { measureTwoDesks } from './desk-ui/two-desks.mjs'
import { measureTyping, withCpu } from './desk-ui/typing.mjs'
import { machineName, markdownTable, short } from './support/machine.mjs'
import { quantiles } from './support/quantiles.mjs'

const eventsPerSecond = 20
const keystrokesPerRound = 10

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '40' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds)

/**
 * A figure beside its target; `spread` says more about it.
 * @typedef {{ name: string, value: number, unit: string, target: number, spread: string }} Row
 */

/** @type {Record<string, (browser: import('playwright-core').Browser, newsroom: import('./desk-ui/newsroom.mjs').Newsroom) => Promise<Row[]>>} */
const parts = {
  async load(browser, newsroom) {
    const { ms, files, kB } = await measureFirstLoad(browser, newsroom, Math.ceil(rounds / 4))
    const { n, p50, max } = quantiles(ms)
    return [
      { name: 'first load, gzip', value: kB, unit: 'kB', target: 300, spread: `${files} files` },
      {
        name: 'interactive, p50',
        value: p50,
        unit: 'ms',
        target: 1_000,
        spread: `n ${n}, max ${short(max)}`,
      },
    ]
  },
  async typing(browser, newsroom) {
    const tab = await fullDesk(browser, newsroom, 'typing@example.org')
    const count = rounds * keystrokesPerRound
    const quiet = await withCpu(tab, () => measureTyping(tab, count))
    const { result, perSecond } = await newsroom.during(eventsPerSecond, () =>
      withCpu(tab, () => measureTyping(tab, count)),
    )
    return [
      rowOf(`keystroke → paint in a quiet feed, p99`, quiet.result, 32),
      rowOf(`keystroke → paint at ${short(perSecond)} events/s, p99`, result.result, 32),
      {
        name: 'CPU of the page for these events',
        value: (result.msPerSecond - quiet.msPerSecond) / perSecond,
        unit: 'ms each',
        target: NaN,
        spread: `${short(result.msPerSecond)} ms/s, ${short(quiet.msPerSecond)} in a quiet feed`,
      },
    ]
  },
  async acts(browser, newsroom) {
    const tab = await fullDesk(browser, newsroom, 'acts@example.org')
    const calm = await measureActs(tab, Math.ceil(rounds / 4))
    const busy = await newsroom.during(eventsPerSecond, () => measureActs(tab, Math.ceil(rounds / 4)))
    const name = `act → receipt on the screen, beyond the API's time`
    return [
      rowOf(`${name}, p99`, calm.beyond, 100),
      rowOf(`${name}, at ${short(busy.perSecond)} events/s, p99`, busy.result.beyond, 100),
    ]
  },
  async desks(browser, newsroom) {
    const one = await fullDesk(browser, newsroom, 'one@example.org')
    const other = await fullDesk(browser, newsroom, 'other@example.org')
    const ms = await measureTwoDesks(one, other, rounds)
    return [{ ...rowOf('two desks show the same, max', ms, 1_000), value: quantiles(ms).max }]
  },
  async shift(browser, newsroom) {
    const tab = await fullDesk(browser, newsroom, 'shift@example.org')
    const { begin, end, samples, hours } = await playShift(tab, newsroom, Number(options.minutes))
    const heap = [begin.heapMB, ...samples, end.heapMB].map(short).join(', ')
    return [
      {
        name: `heap after a shift of ${short(hours)} h ÷ before`,
        value: end.heapMB / begin.heapMB,
        unit: '',
        target: 1.1,
        spread: `MB ${heap}`,
      },
      {
        name: 'nodes of the page, ÷ before',
        value: end.nodes / begin.nodes,
        unit: '',
        target: 1.1,
        spread: `${begin.nodes} → ${end.nodes}`,
      },
    ]
  },
}

await installDependencies()
await build({ log: () => undefined })
const dist = resolve(fileURLToPath(import.meta.url), '../../dist')
const dir = await mkdtemp(join(tmpdir(), 'flashline-desk-ui-'))
const redis = await startRedis({ dataDir: join(dir, 'redis') })
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const newsroom = await openNewsroom(dist, redis)
  try {
    const rows = []
    for (const [name, measure] of Object.entries(parts)) {
      if (options.only !== undefined && options.only !== name) continue
      const found = await measure(browser, newsroom)
      rows.push(...found)
      for (const context of browser.contexts()) await context.close()
      for (const row of found) process.stderr.write(`${row.name}: ${short(row.value)} (${row.spread})\n`)
    }
    report(rows)
  } finally {
    await newsroom.close()
  }
} finally {
  await browser.close()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {import('./desk-ui/newsroom.mjs').Newsroom} newsroom
 * @param {string} email
 */
async function fullDesk(browser, newsroom, email) {
  const { tab } = await openDesk(browser, newsroom, email)
  await load(tab, newsroom.url)
  await isFull(tab)
  return tab
}

/**
 * @param {string} name
 * @param {number[]} ms
 * @param {number} target
 * @returns {Row}
 */
function rowOf(name, ms, target) {
  const { n, p50, p99, max } = quantiles(ms)
  return { name, value: p99, unit: 'ms', target, spread: `n ${n}, p50 ${short(p50)}, max ${short(max)}` }
}

/** @param {Row[]} rows */
function report(rows) {
  const load = loadavg()[0] ?? NaN
  if (options.json) {
    console.log(JSON.stringify({ machine: machineName(), load, rows }, undefined, 2))
    return
  }
  console.log(`Measured on ${machineName()}; load ${short(load)}; 1,000 lines in the feed.\n`)
  console.log(
    markdownTable(
      ['the desk', 'figure', 'target', 'verdict', 'spread'],
      rows.map(({ name, value, unit, target, spread }) => [
        name,
        `${short(value)} ${unit}`.trim(),
        Number.isNaN(target) ? '–' : `≤ ${target.toLocaleString('en')} ${unit}`.trim(),
        Number.isNaN(target) ? '–' : value <= target ? 'pass' : 'falls short',
        spread,
      ]),
    ),
  )
}
