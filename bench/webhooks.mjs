/**
 * `npm run bench:webhooks`: one worker delivers to 1,000 webhooks, 5 % of which hang; the time from a release until all
 * others have it, at the first release, when the worker does not know which of them hang, and later. Then a withdrawal
 * that overtakes 10,000 deliveries: 10 for each of 1,000 webhooks, and 10,000 for one. Options: --json, --rounds 5, --quick.
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
import { machineName, markdownTable, median, short } from './support/machine.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const serversFile = fileURLToPath(new URL('contenders/webhook-servers.mjs', import.meta.url))
const key = 'bench-key-of-thirty-two-characters-or-more'
const perPartner = 50
const limitMs = 60_000
/** A server takes so long for each message while the queue is made: less than the limit of a try. */
const holdMs = 1_500

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
  },
})
const rounds = options.quick ? 2 : Number(options.rounds)
const webhookCount = options.quick ? 200 : 1_000
const hangingCount = webhookCount / 20
const queuedEach = 10
const queuedForOne = options.quick ? 1_000 : 10_000
const answering = webhookCount - hangingCount

await installDependencies()
await build({ log: () => undefined })
const dir = await mkdtemp(join(tmpdir(), 'flashline-webhooks-'))
const redis = await startRedis({ dataDir: join(dir, 'redis'), admin: true })
const servers = await startChild([process.execPath, serversFile])
const { url: serversUrl } = await servers.ready
const api = await start('api')
const worker = await start('worker')
const editors = Array.from({ length: 8 }, () => new Editor(api.url, key))
const [editor = new Editor(api.url, key)] = editors
try {
  await createFeed('en')
  await createFeed('one')
  for (let made = 0; made < webhookCount; made += perPartner) {
    const { body: partner } = await editor.ask('POST', '/v1/partners', {
      body: { name: `Partner ${made}`, contact: 'bench', feeds: ['en', 'one'] },
    })
    for (let n = made; n < made + perPartner; n++)
      await editor.ask('POST', `/v1/partners/${partner.id}/webhooks`, {
        body: { feed: 'en', url: `${serversUrl}/hook/${n}` },
      })
  }
  report({ ...(await released()), ...(await overtaken()) })
} finally {
  for (const each of editors) each.close()
  await Promise.all([api.stop(), worker.stop(), servers.stop()])
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
}

/** @param {'api' | 'worker'} role */
async function start(role) {
  const command = [process.execPath, '--max-semi-space-size=16', join(projectRoot, 'dist/src/main.js'), role]
  const service = await startChild(command, {
    env: {
      ...redis.roleUrls(),
      HOST: '127.0.0.1',
      PORT: '0',
      BOOTSTRAP_KEY: key,
      NODE_ENV: 'production',
      WRITES_PER_MINUTE: '1000000',
      LOG_LEVEL: 'error',
      ARCHIVE_URL: 'off',
      WEBHOOK_ALLOW_ADDRESSES: '127.0.0.1',
    },
  })
  const { url } = await service.ready
  return { url: String(url), stop: () => service.stop() }
}

/** @param {string} id */
async function createFeed(id) {
  const policy = { undoMs: { bulletin: 0, routine: 0 }, releasesPerMinute: 100_000, duplicateWithinMs: 0 }
  await editor.ask('POST', '/v1/feeds', { body: { id, title: id, lang: 'en', policy, stripLimit: 200 } })
}

/**
 * @param {string} feed
 * @param {number} n
 * @param {Editor} by
 * @returns {Promise<{ id: string, position: string }>}
 */
async function publish(feed, n, by = editor) {
  const text = `Headline ${n}: the council agrees on the new bridge over the river after two votes`
  const { body } = await by.ask('POST', `/v1/feeds/${feed}/headlines`, { body: { text } })
  return { id: body.headline.id, position: body.position }
}

/**
 * @param {string} position
 * @param {number} count
 * @param {number} began
 * @returns {Promise<number[]>} ms from `began` to each arrival, ascending, when there are so many
 */
async function arrivals(position, count, began) {
  const end = performance.now() + limitMs
  for (;;) {
    const times = /** @type {number[]} */ (await servers.ask('arrived', { position }))
    if (times.length >= count) return times.map((at) => at - began).sort((a, b) => a - b)
    if (performance.now() > end) throw new Error(`${times.length} of ${count} webhooks have ${position}`)
    await pause(50)
  }
}

function now() {
  return performance.timeOrigin + performance.now()
}

/** @param {string} feed @param {number} first @param {number} count */
async function publishMany(feed, first, count) {
  let next = first
  await Promise.all(
    editors.map(async (by) => {
      while (next < first + count) await publish(feed, next++, by)
    }),
  )
}

/** From the request for a release until every server that answers has the message. */
async function released() {
  await servers.ask('set', { hanging: answering })
  const all = []
  for (let round = 0; round < rounds; round++) {
    const began = now()
    const { position } = await publish('en', round)
    all.push((await arrivals(position, answering, began)).at(-1) ?? NaN)
    await pause(1_000)
  }
  const [first = NaN, ...later] = all
  return { first, later }
}

/** From the request for a withdrawal until the first and the last of its servers has it, while deliveries wait. */
async function overtaken() {
  const overtakenMany = []
  for (let round = 0; round < rounds; round++) {
    await servers.ask('set', { waitMs: holdMs })
    const target = await publish('en', 1_000_000 + round)
    await publishMany('en', 2_000_000 + round * queuedEach, queuedEach)
    overtakenMany.push(await withdrawWhileQueued('en', target.id, answering))
  }
  const { body: partner } = await editor.ask('POST', '/v1/partners', {
    body: { name: 'One', contact: 'bench', feeds: ['one'] },
  })
  await editor.ask('POST', `/v1/partners/${partner.id}/webhooks`, {
    body: { feed: 'one', url: `${serversUrl}/hook/0` },
  })
  await servers.ask('set', { waitMs: holdMs })
  await publishMany('one', 0, queuedForOne)
  const newest = await publish('one', queuedForOne)
  return { overtakenMany, overtakenOne: await withdrawWhileQueued('one', newest.id, 1) }
}

/**
 * The servers are quick again from the moment of the withdrawal on, so deliveries go on beside it.
 *
 * @param {string} feed
 * @param {string} id
 * @param {number} count
 */
async function withdrawWhileQueued(feed, id, count) {
  await servers.ask('set', { waitMs: 2 })
  const began = now()
  const { body } = await editor.ask('POST', `/v1/feeds/${feed}/headlines/${id}/withdraw`, { body: {} })
  const times = await arrivals(body.position, count, began)
  await pause(5_000)
  return { first: times[0] ?? NaN, last: times.at(-1) ?? NaN }
}

/** @param {Record<string, any>} measured */
function report(measured) {
  if (options.json) {
    console.log(JSON.stringify(measured))
    return
  }
  const { first, later, overtakenMany, overtakenOne } = measured
  const seconds = (/** @type {number} */ ms) => `${short(ms / 1_000)} s`
  const many = (/** @type {'first' | 'last'} */ which) =>
    Math.max(...overtakenMany.map((/** @type {any} */ each) => each[which]))
  console.log(`${machineName()}; ${webhookCount} webhooks, ${hangingCount} of them hang, one worker\n`)
  console.log(
    markdownTable(
      ['from the request', 'time'],
      [
        ['first release until all others have it', seconds(first)],
        [`later releases: median of ${later.length}`, seconds(median(later))],
        ['later releases: longest', seconds(Math.max(...later))],
        [
          `withdrawal before ${answering * queuedEach} deliveries: first webhook, longest`,
          seconds(many('first')),
        ],
        ['the same: all webhooks that answer, longest', seconds(many('last'))],
        [`withdrawal before ${queuedForOne} deliveries to one webhook`, seconds(overtakenOne.first)],
      ],
    ),
  )
}
