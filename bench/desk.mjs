/**
 * `npm run bench:desk`: measures answer times for editors: actions with 10,000 stored headlines, lists and searches
 * with 100,000, and the delay of scheduled releases. Options: --only actions|lists|schedule, --rounds 150, --json,
 * --data <folder> (kept, so that the next run need not store the headlines again).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startRedis } from '../scripts/support/redis-server.mjs'
import { build, installDependencies } from '../scripts/support/set-up.mjs'
import { startChild } from './support/child.mjs'
import { Editor } from './support/editor.mjs'
import { machineName, markdownTable, short } from './support/machine.mjs'
import { quantiles } from './support/quantiles.mjs'
import { author, storeHeadlines, words } from './support/stored-headlines.mjs'
import { coreTimes, usageOf } from './support/usage.mjs'

const dist = resolve(fileURLToPath(import.meta.url), '../../dist')
const key = 'bench-key-of-thirty-two-characters-or-more'
const feed = '/v1/feeds/bench'
const headlinesPath = `${feed}/headlines`
const forActions = 10_000
const forLists = 100_000
const editorsAtOnce = 4
const scheduled = 200
const scheduledWithinMs = 20_000
/** Long enough to post all scheduled headlines before the first one is due. */
const scheduleAheadMs = 15_000
const warmUp = 10

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '150' },
    json: { type: 'boolean', default: false },
    data: { type: 'string' },
  },
})
const rounds = Number(options.rounds)

/**
 * Measured times, the target for p99, and the load of other processes in shares of a core.
 * @typedef {{ name: string, ms: number[], target: number, others?: number }} Measured
 */

/** @type {Record<string, (editors: Editor[], redisUrl: string) => Promise<(() => Promise<Measured[]>)[]>>} */
const parts = {
  actions: async (editors, redisUrl) => {
    await store(redisUrl, forActions)
    return [() => act(editors.slice(0, 1)), () => act(editors)]
  },
  lists: async ([editor], redisUrl) => {
    await store(redisUrl, forLists)
    return editor ? [() => list(editor)] : []
  },
  schedule: async ([editor], redisUrl) => {
    await store(redisUrl, forActions)
    return editor ? [async () => [await schedule(editor)]] : []
  },
}

await installDependencies()
await build({ log: () => undefined })
const dir = await mkdtemp(join(tmpdir(), 'flashline-desk-'))
const redis = await startRedis({ dataDir: join(options.data ?? dir, 'redis') })
try {
  const measured = await withService(async (editors, pid) => {
    const all = []
    for (const [name, measure] of Object.entries(parts)) {
      if (options.only !== undefined && options.only !== name) continue
      for (const task of await measure(editors, redis.urlFor('api'))) all.push(...(await watched(task, pid)))
    }
    return all
  })
  report(measured)
} finally {
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
}

/**
 * @template T
 * @param {(editors: Editor[], pid: number) => Promise<T>} task
 * @returns {Promise<T>}
 */
async function withService(task) {
  const service = await startChild([process.execPath, join(dist, 'src/main.js'), 'all'], {
    env: {
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
  const { url } = await service.ready
  const editors = Array.from({ length: editorsAtOnce }, () => new Editor(String(url), key))
  try {
    const policy = { undoMs: { bulletin: 0 }, releasesPerMinute: 100_000, duplicateWithinMs: 0 }
    const body = { id: 'bench', title: 'Bench', lang: 'en', stripLimit: 200, policy }
    await editors[0]?.ask('POST', '/v1/feeds', { body })
    return await task(editors, service.pid)
  } finally {
    for (const editor of editors) editor.close()
    await service.stop()
  }
}

/**
 * @param {() => Promise<Measured[]>} task
 * @param {number} servicePid
 */
async function watched(task, servicePid) {
  const readLoad = async () => {
    const [machine, ...ours] = await Promise.all([
      coreTimes(undefined),
      ...[process.pid, servicePid, redis.pid].map(usageOf),
    ])
    return { atMs: performance.now(), othersMs: ours.reduce((rest, { cpuMs }) => rest - cpuMs, machine.busy) }
  }
  const before = await readLoad()
  const measured = await task()
  const after = await readLoad()
  const others = (after.othersMs - before.othersMs) / (after.atMs - before.atMs)
  return measured.map((row) => ({ ...row, others }))
}

/**
 * @param {string} redisUrl
 * @param {number} count headlines that the feed has afterwards
 */
async function store(redisUrl, count) {
  const { added, ms } = await storeHeadlines(redisUrl, dist, 'bench', count)
  if (added > 0) process.stderr.write(`${added} headlines stored in ${Math.round(ms / 1000)} s\n`)
}

/**
 * Each editor takes headlines from the draft to their withdrawal.
 *
 * @param {Editor[]} editors
 * @returns {Promise<Measured[]>}
 */
async function act(editors) {
  /** @type {Map<string, number[]>} */
  const times = new Map()
  const roundsPerEditor = Math.ceil(rounds / editors.length)
  await Promise.all(
    editors.map(async (editor, which) => {
      for (let round = -warmUp; round < roundsPerEditor; round++) {
        for (const { name, ms } of await takeThroughActs(editor, `line ${which} ${round}`)) {
          if (round >= 0) times.set(name, [...(times.get(name) ?? []), ms])
        }
      }
    }),
  )
  const crowd = editors.length === 1 ? '' : `, ${editors.length} editors at once`
  return Array.from(times, ([name, ms]) => ({ name: name + crowd, ms, target: 30 }))
}

/**
 * @param {Editor} editor
 * @param {string} name
 */
async function takeThroughActs(editor, name) {
  const text = `Parliament votes on the bridge, ${name}`
  const draft = await editor.ask('POST', headlinesPath, { body: { text, then: 'keep' } })
  const steps = [{ name: 'save a draft', ms: draft.ms }]
  const { id } = draft.body.headline
  let { version } = draft.body.headline
  const take = async (
    /** @type {string} */ action,
    /** @type {object} */ body = {},
    /** @type {boolean} */ withVersion = true,
  ) => {
    const done = await editor.ask('POST', `${headlinesPath}/${id}/${action}`, {
      body,
      ...(withVersion && { version }),
    })
    steps.push({ name: action, ms: done.ms })
    version = done.body.headline.version
  }
  await take('save', { text: `${text} again` })
  await take('submit')
  await take('approve')
  await take('correct', { text: `${text} today` })
  await take('hold', {}, false)
  await take('resume')
  await take('withdraw', {}, false)
  return steps
}

/**
 * @param {Editor} editor
 * @returns {Promise<Measured[]>}
 */
async function list(editor) {
  const { body } = await editor.ask('GET', `${headlinesPath}?limit=1&q=${words.rare}`)
  const middle = body.headlines[0].createdAt
  const queries = {
    'all, first page of 50': '',
    'status: few (pending)': '?status=pending',
    'status: most (expired), 100 a page': '?status=expired&limit=100',
    'a rare word': `?q=${words.rare}`,
    'a frequent word': `?q=${words.frequent}`,
    'two frequent words': `?q=${words.frequent}+${words.common}`,
    'two words that no headline contains together': `?q=${words.frequent}+council`,
    'a frequent word and a status': `?q=${words.frequent}&status=draft`,
    'an author': `?author=${author}`,
    'until a time': `?until=${middle}`,
    'status, author and word': `?status=withdrawn&author=${author}&q=${words.common}`,
  }
  const measured = []
  for (const [name, query] of Object.entries(queries)) {
    const ms = []
    for (let round = -warmUp; round < rounds; round++) {
      const answer = await editor.ask('GET', headlinesPath + query)
      if (round >= 0) ms.push(answer.ms)
    }
    measured.push({ name, ms, target: 50 })
  }
  return [...measured, await walk(editor)]
}

/** @param {Editor} editor */
async function walk(editor) {
  const ms = []
  let count = 0
  for (let cursor = ''; ;) {
    const answer = await editor.ask('GET', `${headlinesPath}?limit=100${cursor}`)
    ms.push(answer.ms)
    count += answer.body.headlines.length
    if (answer.body.next === undefined) break
    cursor = `&cursor=${answer.body.next}`
  }
  if (count < forLists) throw new Error(`${count} of ${forLists} headlines were listed`)
  return { name: `every page of ${count} headlines, 100 a page`, ms, target: 50 }
}

/**
 * @param {Editor} editor
 * @returns {Promise<Measured>}
 */
async function schedule(editor) {
  const first = Date.now() + scheduleAheadMs
  const times = Array.from({ length: scheduled }, () => first + Math.floor(Math.random() * scheduledWithinMs))
  const ids = new Map()
  for (const time of times) {
    const body = { text: `Scheduled for ${time}`, releaseAt: new Date(time).toISOString() }
    const answer = await editor.ask('POST', headlinesPath, { body })
    ids.set(answer.body.headline.id, time)
  }
  await pause(Math.max(...times) - Date.now() + 2_000)
  const ms = []
  for (const [id, time] of ids) {
    const { body } = await editor.ask('GET', `${headlinesPath}/${id}`)
    ms.push(Date.parse(body.publishedAt) - time)
  }
  return { name: `scheduled time → release`, ms, target: 250 }
}

/** @param {Measured[]} measured */
function report(measured) {
  const rows = measured.map(({ name, ms, target, others = NaN }) => {
    const found = quantiles(ms)
    return { name, ...found, target, meets: found.p99 <= target, others }
  })
  if (options.json) {
    console.log(JSON.stringify({ machine: machineName(), unit: 'ms', measured: rows }, undefined, 2))
    return
  }
  console.log(`Measured on ${machineName()}; Redis with appendfsync always.\n`)
  console.log(
    markdownTable(
      ['ms', 'n', 'p50', 'p99', 'max', 'target', 'verdict', 'other work'],
      rows.map(({ name, n, p50, p99, max, target, meets, others }) => [
        name,
        n,
        ...[p50, p99, max].map(short),
        `p99 ≤ ${target}`,
        meets ? 'pass' : 'falls short',
        `${Math.round(others * 100)} %`,
      ]),
    ),
  )
}
