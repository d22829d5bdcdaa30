/**
 * `npm run bench:latency`: measures the time from the start of a POST until the last of 100 readers has the headline,
 * and the time until a lost pub/sub message is found. Options: --json, --lines 500, --dist <folder> (another build).
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startRedis } from '../scripts/support/redis-server.mjs'
import { build, installDependencies } from '../scripts/support/set-up.mjs'
import { startChild } from './support/child.mjs'
import { monotonicMs } from './support/clock.mjs'
import { machineName, markdownTable, short } from './support/machine.mjs'
import { quantiles } from './support/quantiles.mjs'
import { startRespProxy } from './support/resp-proxy.mjs'
import { eventText, expiryBytes } from './support/sent-event.mjs'

/** @typedef {import('./readers.mjs').Arrival} Arrival */

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const readersFile = fileURLToPath(new URL('readers.mjs', import.meta.url))
const readerCount = 100
const warmUpHeadlines = 50
const holes = 20
const lostLast = 10
const arrivalLimitMs = 5000
const key = 'bench-key-of-thirty-two-characters-or-more'
const dialect = { path: '/v1/feeds/{feed}/live', before: 0, after: expiryBytes, greeting: 'none' }
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
let base = ''

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    lines: { type: 'string', default: '500' },
    dist: { type: 'string', default: join(projectRoot, 'dist') },
  },
})

await installDependencies()
await build({ log: () => undefined })
const dir = await mkdtemp(join(tmpdir(), 'flashline-latency-'))
const redis = await startRedis({ dataDir: join(dir, 'redis'), admin: true })
const readers = await startChild([process.execPath, readersFile])
try {
  await readers.ready
  const posted = await withService(redis.socketPath, 'en', () => postOneByOne(Number(options.lines)))
  const proxy = await startRespProxy(redis.socketPath, 'fl:{holes}:live')
  const healed = await withService(proxy.url, 'holes', () => loseMessages(proxy))
  proxy.close()
  report({ ...posted, ...healed })
} finally {
  agent.destroy()
  await readers.stop()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
}

/**
 * @template T
 * @param {string} address of Redis, or of a proxy in front of it
 * @param {string} feed
 * @param {() => Promise<T>} task with 100 readers on the feed
 * @returns {Promise<T>}
 */
async function withService(address, feed, task) {
  const profile = process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? []
  const service = await startChild(
    [process.execPath, ...profile, join(resolve(options.dist), 'src/main.js'), 'all'],
    {
      env: {
        REDIS_URL: redis.urlFor('admin', address),
        ...redis.roleUrls(address),
        HOST: '127.0.0.1',
        PORT: '0',
        BOOTSTRAP_KEY: key,
        WRITES_PER_MINUTE: '1000000',
        LOG_LEVEL: 'warn',
        ARCHIVE_URL: 'off',
        DRAIN_MS: '0',
      },
    },
  )
  try {
    const { url } = await service.ready
    base = String(url)
    // Headlines are released at once, and without a limit per minute.
    const policy = { undoMs: { bulletin: 0 }, releasesPerMinute: 100_000 }
    await send('POST', '/v1/feeds', { id: feed, title: feed, lang: 'en', stripLimit: 200, policy })
    await untilKnown(feed)
    const port = Number(new URL(base).port)
    const outcomes = await readers.ask('connect', { port, dialect, feeds: [feed], count: readerCount })
    if (outcomes.open !== readerCount)
      throw new Error(`not all readers were admitted: ${JSON.stringify(outcomes)}`)
    await readers.ask('track')
    return await task()
  } finally {
    await readers.ask('closeAll')
    await service.stop()
  }
}

/** @param {number} count */
async function postOneByOne(count) {
  const answerMs = []
  for (let index = 0; index < warmUpHeadlines + count; index++) {
    const { ms } = await post('en')
    if (index >= warmUpHeadlines) answerMs.push(ms)
  }
  const arrived = await arrivals(warmUpHeadlines + count)
  const lastMs = arrived.slice(warmUpHeadlines).map(({ sentAtMs, lastAtMs }) => lastAtMs - sentAtMs)
  return { answerMs, lastMs }
}

/** @param {import('./support/resp-proxy.mjs').RespProxy} proxy */
async function loseMessages(proxy) {
  const holeMs = []
  const lostMs = []
  let expected = 0
  for (let n = 0; n < 5; n++) await post('holes')
  expected += 5
  for (let n = 0; n < holes; n++) {
    const swallowed = proxy.swallowNext()
    await post('holes')
    await swallowed
    const passed = proxy.nextPassed()
    await post('holes')
    const doorbellAtMs = await passed
    expected += 2
    const [hole] = (await arrivals(expected)).slice(-2)
    if (hole) holeMs.push(hole.lastAtMs - doorbellAtMs)
  }
  for (let n = 0; n < lostLast; n++) {
    // The lost messages are spread evenly over the interval between two tail checks of the gateway.
    await pause((n * 1000) / lostLast)
    const swallowed = proxy.swallowNext()
    await post('holes')
    const swallowedAtMs = await swallowed
    expected++
    const last = (await arrivals(expected)).at(-1)
    if (last) lostMs.push(last.lastAtMs - swallowedAtMs)
  }
  return { holeMs, lostMs }
}

/**
 * @param {number} count
 * @returns {Promise<Arrival[]>} sorted by seq, when every reader has this many events
 */
async function arrivals(count) {
  for (const limit = performance.now() + arrivalLimitMs; ; await pause(5)) {
    /** @type {Arrival[]} */
    const all = await readers.ask('arrivals')
    const whole = all.filter((arrival) => arrival.count === readerCount)
    if (whole.length >= count) return whole.sort((a, b) => a.seq - b.seq)
    if (performance.now() > limit) throw new Error(`${whole.length} of ${count} events reached every reader`)
  }
}

/** @param {string} feed */
async function post(feed) {
  const begun = monotonicMs()
  const { status, text } = await send('POST', `/v1/feeds/${feed}/headlines`, { text: eventText(begun) })
  if (status !== 201) throw new Error(`POST was answered with ${status}: ${text}`)
  return { ms: monotonicMs() - begun }
}

/** @param {string} feed */
async function untilKnown(feed) {
  for (const limit = performance.now() + arrivalLimitMs; ; await pause(20)) {
    const { status } = await send('GET', `/v1/feeds/${feed}`)
    if (status === 200) return
    if (performance.now() > limit) throw new Error(`the gateway does not know ${feed}`)
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<{ status: number, text: string }>}
 */
function send(method, path, body) {
  return new Promise((resolve, reject) => {
    const json = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      authorization: `Bearer ${key}`,
      'idempotency-key': randomUUID(),
      ...(json !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(json),
      }),
    }
    const call = request(base + path, { method, agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', reject)
    })
    call.on('error', reject)
    call.end(json)
  })
}

/** @param {{ answerMs: number[], lastMs: number[], holeMs: number[], lostMs: number[] }} times */
function report({ answerMs, lastMs, holeMs, lostMs }) {
  const measured = [
    { name: `POST → last of ${readerCount} readers`, ...quantiles(lastMs), targets: { p50: 10, p99: 30 } },
    { name: 'POST → answer', ...quantiles(answerMs), targets: {} },
    { name: 'hole: next doorbell → healed readers', ...quantiles(holeMs), targets: { max: 50 } },
    { name: 'lost last message → found', ...quantiles(lostMs), targets: { max: 1200 } },
  ].map((row) => ({ ...row, meets: meets(row) }))
  if (options.json) {
    console.log(JSON.stringify({ machine: machineName(), unit: 'ms', measured }, undefined, 2))
    return
  }
  console.log(`Measured on ${machineName()}; Redis with appendfsync always.\n`)
  console.log(
    markdownTable(
      ['ms', 'n', 'p50', 'p90', 'p99', 'max', 'target', 'verdict'],
      measured.map(({ name, n, p50, p90, p99, max, targets, meets }) => [
        name,
        n,
        ...[p50, p90, p99, max].map(short),
        Object.entries(targets)
          .map(([quantile, limit]) => `${quantile} ≤ ${limit}`)
          .join(', ') || '–',
        meets === undefined ? '–' : meets ? 'pass' : 'falls short',
      ]),
    ),
  )
}

/** @param {{ targets: Record<string, number> } & Record<string, any>} row */
function meets(row) {
  const limits = Object.entries(row.targets)
  return limits.length === 0 ? undefined : limits.every(([quantile, limit]) => row[quantile] <= limit)
}
