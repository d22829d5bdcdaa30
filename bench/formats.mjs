/**
 * `npm run bench:formats`: documents of a feed with 50 headlines, whole and as 304, beside Express's `res.json` of the same
 * bytes, each on one core, in turn in one run; the time from a withdrawal until every document is without the
 * headline. Options: --json, --rounds 3, --ms 4000, --quick.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startRedis } from '../scripts/support/redis-server.mjs'
import { build, installDependencies } from '../scripts/support/set-up.mjs'
import { startChild } from './support/child.mjs'
import { Editor } from './support/editor.mjs'
import { machineName, markdownTable, median, short } from './support/machine.mjs'
import { pinToCores } from './support/pin.mjs'
import { requestRate } from './support/request-rate.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const expressFile = fileURLToPath(new URL('contenders/express-json.mjs', import.meta.url))
const key = 'bench-key-of-thirty-two-characters-or-more'
const headlineCount = 50
const withdrawalCount = 20
const withdrawalLimitMs = 5_000
const documents = ['feed.json', 'rss.xml', 'atom.xml', 'ninjs.json', 'live-blog.jsonld', 'lines.json']

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    ms: { type: 'string', default: '4000' },
  },
})
const rounds = options.quick ? 1 : Number(options.rounds)
const ms = options.quick ? 1_000 : Number(options.ms)

await installDependencies()
await build({ log: () => undefined })
const cores = pinToCores()
const dir = await mkdtemp(join(tmpdir(), 'flashline-formats-'))
const redis = await startRedis({ dataDir: join(dir, 'redis'), admin: true })
try {
  const withdrawals = await withService('all', undefined, async (url) => {
    const editor = new Editor(url, key)
    try {
      await fill(editor)
      return await withdraw(url, editor)
    } finally {
      editor.close()
    }
  })
  const rates = await withService('gateway', cores.server, measure)
  report({ withdrawals, rates })
} finally {
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
}

/**
 * @template T
 * @param {string} role
 * @param {number | undefined} core
 * @param {(url: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withService(role, core, work) {
  const command = [process.execPath, '--max-semi-space-size=16', join(projectRoot, 'dist/src/main.js'), role]
  const service = await startChild(command, {
    core,
    env: {
      REDIS_URL: redis.urlFor('admin'),
      ...redis.roleUrls(),
      HOST: '127.0.0.1',
      PORT: '0',
      BOOTSTRAP_KEY: key,
      NODE_ENV: 'production',
      WRITES_PER_MINUTE: '1000000',
      LOG_LEVEL: 'warn',
      ARCHIVE_URL: 'off',
      DRAIN_MS: '0',
    },
  })
  try {
    const { url } = await service.ready
    return await work(String(url))
  } finally {
    await service.stop()
  }
}

/** @param {Editor} editor */
async function fill(editor) {
  const policy = { undoMs: { bulletin: 0, routine: 0 }, releasesPerMinute: 100_000 }
  await editor.ask('POST', '/v1/feeds', {
    body: { id: 'en', title: 'Breaking', lang: 'en', policy, stripLimit: headlineCount + withdrawalCount },
  })
  for (let n = 0; n < headlineCount; n++) await post(editor, n)
}

/**
 * @param {Editor} editor
 * @param {number} n
 */
async function post(editor, n) {
  const words = 'council agrees on the new bridge over the river after years of talks and two votes'.split(
    ' ',
  )
  const text = `Headline ${n}: ${words.map((_, at) => words[(at * (n + 3)) % words.length]).join(' ')}`
  const body = { text, urgency: 'bulletin', section: 'city', source: 'City desk', tags: ['bridge'] }
  return editor.ask('POST', '/v1/feeds/en/headlines', { body })
}

/**
 * From the request for a withdrawal until each document is without the words.
 *
 * @param {string} url
 * @param {Editor} editor
 */
async function withdraw(url, editor) {
  const times = []
  for (let n = 0; n < withdrawalCount; n++) {
    const posted = await post(editor, 1_000 + n)
    const { id } = posted.body.headline
    const words = `Headline ${1_000 + n}:`
    const has = async (/** @type {string} */ name) =>
      (await (await fetch(`${url}/feeds/en/${name}`)).text()).includes(words)
    await until(async () => (await Promise.all(documents.map(has))).every(Boolean))
    const began = performance.now()
    await editor.ask('POST', `/v1/feeds/en/headlines/${id}/withdraw`, { body: {} })
    await until(async () => !(await Promise.all(documents.map(has))).some(Boolean))
    times.push(performance.now() - began)
  }
  return times
}

/** @param {() => Promise<boolean>} holds */
async function until(holds) {
  const end = performance.now() + withdrawalLimitMs
  while (!(await holds())) if (performance.now() > end) throw new Error('the documents do not change')
}

/**
 * @param {string} url
 * @returns {Promise<Record<string, number[]>>} requests a second
 */
async function measure(url) {
  const path = '/feeds/en/feed.json'
  const answer = await fetch(url + path, { headers: { 'accept-encoding': 'identity' } })
  const text = await answer.text()
  const etag = answer.headers.get('etag') ?? ''
  const express = await startChild([process.execPath, '--max-semi-space-size=16', expressFile], {
    core: cores.server,
    env: { NODE_ENV: 'production' },
  })
  try {
    const { url: expressUrl } = await express.ready
    await express.ask('serve', { body: JSON.parse(text) })
    /** @type {Record<string, number[]>} */
    const rates = { bytes: [Buffer.byteLength(text)], express: [], whole: [], gzip: [], notModified: [] }
    for (let round = 0; round < rounds; round++) {
      rates['express']?.push(await requestRate({ url: String(expressUrl), path: '/', ms, status: 200 }))
      rates['whole']?.push(await requestRate({ url, path, ms, status: 200 }))
      const coded = { 'Accept-Encoding': 'gzip' }
      rates['gzip']?.push(await requestRate({ url, path, headers: coded, ms, status: 200 }))
      const held = { 'If-None-Match': etag }
      rates['notModified']?.push(await requestRate({ url, path, headers: held, ms, status: 304 }))
    }
    return rates
  } finally {
    await express.stop()
  }
}

/** @param {{ withdrawals: number[], rates: Record<string, number[]> }} measured */
function report({ withdrawals, rates }) {
  if (options.json) {
    console.log(JSON.stringify({ withdrawals, rates }))
    return
  }
  const of = (/** @type {string} */ name) => median(rates[name] ?? [])
  const row = (/** @type {string} */ title, /** @type {string} */ name) => [
    title,
    short(of(name)),
    short(of(name) / of('express')),
  ]
  console.log(`${machineName()}; a document of ${short(of('bytes') / 1_000)} kB, ${rounds} rounds\n`)
  console.log(
    markdownTable(
      ['on one core', 'requests a second', '÷ Express'],
      [
        row('Express `res.json` of the same bytes', 'express'),
        row('whole document', 'whole'),
        row('whole document, gzip', 'gzip'),
        row('304 for `If-None-Match`', 'notModified'),
      ],
    ),
  )
  const sorted = withdrawals.toSorted((a, b) => a - b)
  console.log(
    `\nFrom a withdrawal until ${documents.length} documents are without the words: median ${short(median(sorted))} ms, max ${short(sorted.at(-1) ?? NaN)} ms`,
  )
}
