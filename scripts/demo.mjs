/**
 * `npm run demo`: posts the headlines of a scenario to feeds of its own in a running Flashline, so that its page shows
 * an example. People, places and firms are invented. Options: --fast (no pauses), --loop (repeats the scenario, also
 * over restarts of Flashline), --clean (takes the headlines back and ends).
 */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { feeds, labels, policy, scenario } from './support/demo-scenario.mjs'
import { findRunning } from './support/running-service.mjs'

/** @typedef {import('./support/demo-scenario.mjs').Step} Step */
/** @typedef {{ base: string, key: string, signal: AbortSignal }} Service */
/** @typedef {{ id: string, etag: string, text: string, position: string }} Posted */
/** @typedef {{ status: number, headers: Headers, body: any }} Answer */

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const stepMs = 2_800
const fastStepMs = 50
const requestLimitMs = 10_000
const expiryLimitMs = 15_000
const attempts = 6
/** A repeated demo tries again after this while Flashline is away. */
const returnMs = 2_000

/** An error whose message is for the person at the terminal; no stack is printed. */
class Refusal extends Error {}

/** No Flashline answers. */
class Away extends Refusal {}

const stop = new AbortController()
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => stop.abort())

try {
  await demo(process.argv.slice(2))
} catch (error) {
  if (stop.signal.aborted) console.log('\nStopped.')
  else {
    console.error(error instanceof Refusal ? error.message : error)
    process.exitCode = 1
  }
}

/** @param {string[]} args */
async function demo(args) {
  const options = readOptions(args)
  if (options.clean) return clean(await findService())
  do await playOnce(options)
  while (options.loop)
  console.log(
    '\nThe demo has ended. --loop repeats it until Ctrl-C, --fast leaves out the pauses, --clean takes it back.',
  )
}

/** @param {ReturnType<typeof readOptions>} options */
async function playOnce({ fast, loop }) {
  try {
    const service = await findService()
    await prepareFeeds(service)
    console.log(`Posting to ${service.base} — open it in a browser and watch. Ctrl-C ends the demo.\n`)
    await play(service, fast ? fastStepMs : stepMs)
  } catch (error) {
    if (!loop || !(error instanceof Away)) throw error
    console.log(`${error.message.split('\n')[0]}\nWaiting for it.`)
    await pause(returnMs, undefined, { signal: stop.signal })
  }
}

/** @param {string[]} args */
function readOptions(args) {
  const flag = { type: /** @type {const} */ ('boolean'), default: false }
  try {
    return parseArgs({ args, options: { fast: flag, loop: flag, clean: flag } }).values
  } catch (error) {
    throw new Refusal(`${messageOf(error)}\nUsage: npm run demo -- [--fast] [--loop] [--clean]`)
  }
}

/** @returns {Promise<Service>} */
async function findService() {
  return { base: await baseUrl(), key: await readKey(), signal: stop.signal }
}

function dataDir() {
  return resolve(projectRoot, process.env['DATA_DIR'] || 'data')
}

/** FLASHLINE_URL, or else the service that `npm start` runs on these data. */
async function baseUrl() {
  const url =
    process.env['FLASHLINE_URL'] ||
    (await findRunning(dataDir())) ||
    `http://127.0.0.1:${process.env['PORT'] || '8080'}`
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new Refusal(`FLASHLINE_URL must be an http or https address, not "${url}"`)
  return url.replace(/\/+$/, '')
}

async function readKey() {
  const configured = process.env['FLASHLINE_KEY']
  if (configured) return configured
  const file = join(dataDir(), 'first-run-key')
  const key = await readFile(file, 'utf8').catch(() => '')
  if (key.trim()) return key.trim()
  throw new Refusal(
    `There is no key. The first npm start writes a key to ${file}. For another service: FLASHLINE_KEY=… npm run demo`,
  )
}

/**
 * Withdraws all headlines of the demo that still show.
 *
 * @param {Service} service
 */
async function clean(service) {
  const { body } = await request(service, 'GET', '/v1/feeds')
  const present = (body.feeds ?? []).map((/** @type {{ id: string }} */ { id }) => id)
  for (const { id } of feeds.filter((feed) => present.includes(feed.id))) {
    const count = await withdrawAll(service, id)
    console.log(`${id}: ${count} ${count === 1 ? 'headline' : 'headlines'} withdrawn`)
  }
  console.log('\nThe feeds of the demo remain, empty: a feed keeps its log.')
}

/**
 * @param {Service} service
 * @param {string} feed
 * @returns {Promise<number>} how many
 */
async function withdrawAll(service, feed) {
  const { body } = await request(service, 'GET', `/v1/feeds/${feed}`)
  const headlines = /** @type {{ id: string }[]} */ (body.strip ?? [])
  for (const { id } of headlines)
    await request(service, 'POST', `/v1/feeds/${feed}/headlines/${id}/withdraw`, {
      body: { reason: 'The demo is over' },
    })
  return headlines.length
}

/** @param {Service} service */
async function prepareFeeds(service) {
  const { body } = await request(service, 'GET', '/v1/feeds')
  const present = new Set((body.feeds ?? []).map((/** @type {{ id: string }} */ { id }) => id))
  for (const feed of feeds) {
    // 409: the feed was created meanwhile with another definition. The demo works with it too.
    if (!present.has(feed.id)) await request(service, 'POST', '/v1/feeds', { body: feed, accepts: [409] })
    await openPolicy(service, feed.id)
    await nameLabels(service, feed.id)
  }
}

/**
 * Gives a feed that has no words of its own the names of its sections and regions.
 *
 * @param {Service} service
 * @param {string} feed
 */
async function nameLabels(service, feed) {
  const path = `/v1/feeds/${feed}/presentation`
  const own = labels[feed]
  if (own === undefined) return
  const headers = { 'If-Match': '"0"' }
  // 412: the newsroom has set its own. 403: the key is no chief's; the feed then shows the slugs.
  await request(service, 'PUT', path, { body: { labels: own }, headers, accepts: [403, 412] })
}

/**
 * Changes the policy of an existing feed, which may delay headlines or refuse equal texts.
 *
 * @param {Service} service
 * @param {string} feed
 */
async function openPolicy(service, feed) {
  const path = `/v1/feeds/${feed}/policy`
  const key = { Authorization: `Bearer ${service.key}` }
  const { body, headers } = await request(service, 'GET', path, { headers: key })
  const open = { ...body.policy, ...policy }
  if (isDeepStrictEqual(open, body.policy)) return
  await request(service, 'PUT', path, { body: open, headers: { 'If-Match': headers.get('etag') ?? '' } })
  console.log(`The policy of the feed ${feed} now releases headlines at once; GET ${path} shows it.`)
}

/**
 * @param {Service} service
 * @param {number} pauseMs
 */
async function play(service, pauseMs) {
  /** @type {Map<string, Posted>} */
  const named = new Map()
  for (const step of scenario) {
    const posted = await carryOut(service, step, named)
    if (step.name !== undefined) named.set(step.name, posted)
    await pause(pauseMs, undefined, { signal: service.signal })
  }
}

/**
 * @param {Service} service
 * @param {Step} step
 * @param {Map<string, Posted>} named
 * @returns {Promise<Posted>}
 */
async function carryOut(service, step, named) {
  switch (step.op) {
    case 'publish':
      return publish(service, step)
    case 'correct': {
      const before = find(named, step.of)
      const { text, note } = step
      const headers = { 'If-Match': before.etag }
      const path = `/v1/feeds/${step.feed}/headlines/${before.id}/correct`
      const answer = await request(service, 'POST', path, { body: { text, note }, headers })
      return printStep(step.feed, 'correct', text, postedOf(answer, text), note)
    }
    case 'withdraw': {
      const before = find(named, step.of)
      const { reason, note } = step
      const path = `/v1/feeds/${step.feed}/headlines/${before.id}/withdraw`
      const answer = await request(service, 'POST', path, { body: { reason, note } })
      return printStep(step.feed, 'withdraw', before.text, postedOf(answer, before.text), note)
    }
    case 'expire': {
      const before = find(named, step.of)
      const position = await expiryOf(service, step.feed, before)
      return printStep(step.feed, 'expire', before.text, { ...before, position })
    }
    default:
      return step
  }
}

/**
 * @param {Service} service
 * @param {Extract<Step, { op: 'publish' }>} step
 */
async function publish(service, { feed, headline, showsForMs }) {
  const expiresAt =
    showsForMs === undefined ? {} : { expiresAt: new Date(Date.now() + showsForMs).toISOString() }
  const body = { ...headline, ...expiresAt }
  const answer = await request(service, 'POST', `/v1/feeds/${feed}/headlines`, { body })
  const text = headline.speaker === undefined ? headline.text : `${headline.speaker}: ${headline.text}`
  return printStep(feed, 'publish', text, postedOf(answer, text))
}

/**
 * No request makes a headline expire, so the event is read from the feed.
 *
 * @param {Service} service
 * @param {string} feed
 * @param {Posted} posted
 */
async function expiryOf(service, feed, posted) {
  const limit = Date.now() + expiryLimitMs
  let after = posted.position
  while (Date.now() < limit) {
    const path = `/v1/feeds/${feed}/events?after=${encodeURIComponent(after)}`
    const { body } = await request(service, 'GET', path)
    for (const event of body.events ?? [])
      if (event.op === 'expire' && event.headline.id === posted.id) return String(event.position)
    after = body.position ?? after
    await pause(300, undefined, { signal: service.signal })
  }
  throw new Refusal(`The headline did not expire within ${expiryLimitMs / 1000} s. Check that a worker runs.`)
}

/**
 * @param {Service} service
 * @param {string} method
 * @param {string} path
 * @param {{ body?: unknown, headers?: Record<string, string>, accepts?: number[] }} [options]
 * @returns {Promise<Answer>}
 */
async function request(service, method, path, { body, headers = {}, accepts = [] } = {}) {
  const init = {
    method,
    headers: {
      ...(method === 'GET'
        ? {}
        : { Authorization: `Bearer ${service.key}`, 'Idempotency-Key': randomUUID() }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send(service, path, init)
    if (answer.status < 300 || accepts.includes(answer.status)) return answer
    if (![429, 503].includes(answer.status) || attempt === attempts) throw refusalOf(method, path, answer)
    // Every attempt has the same Idempotency-Key, so the headline is posted once.
    const waitS = Math.min(30, Number(answer.headers.get('retry-after')) || attempt)
    await pause(waitS * 1000, undefined, { signal: service.signal })
  }
}

/**
 * @param {Service} service
 * @param {string} path
 * @param {RequestInit} init
 * @returns {Promise<Answer>}
 */
async function send({ base, signal }, path, init) {
  const ending = new AbortController()
  const end = () => ending.abort()
  const limit = setTimeout(
    () => ending.abort(new Error(`no answer within ${requestLimitMs / 1000} s`)),
    requestLimitMs,
  )
  signal.addEventListener('abort', end)
  try {
    const answer = await fetch(`${base}${path}`, { ...init, signal: ending.signal })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: parseJson(text) }
  } catch (error) {
    if (signal.aborted) throw error
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const reason = cause instanceof Error && 'code' in cause ? cause.code : messageOf(cause)
    throw new Away(
      `No Flashline answers at ${base} (${reason}). Start it in another terminal with: npm start\n` +
        'For a Flashline on another computer: FLASHLINE_URL=https://… npm run demo',
    )
  } finally {
    clearTimeout(limit)
    signal.removeEventListener('abort', end)
  }
}

/** @param {string} text */
function parseJson(text) {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Answer} answer
 */
function refusalOf(method, path, { status, body }) {
  if (status === 401)
    return new Refusal(
      'The service refuses the key: it is revoked, or belongs to another service. Set FLASHLINE_KEY to a valid key',
    )
  if (status === 403)
    return new Refusal(
      `The role of the key does not allow ${method} ${path}. The demo needs an admin key, or an editor's key and the feeds ${feeds.map(({ id }) => id).join(', ')}`,
    )
  const faults = (body.errors ?? []).map((/** @type {unknown} */ fault) => `\n  ${JSON.stringify(fault)}`)
  const reason = [body.title, body.detail].filter(Boolean).join(': ') || 'no reason given'
  return new Refusal(
    `${method} ${path} was answered with ${status} ${body.code ?? ''}: ${reason}${faults.join('')}`,
  )
}

/**
 * @param {Answer} answer
 * @param {string} text
 * @returns {Posted}
 */
function postedOf({ headers, body }, text) {
  const id = body.headline?.id
  if (typeof id !== 'string')
    throw new Refusal('The answer has no headline. Check that FLASHLINE_URL names a Flashline service.')
  return { id, etag: headers.get('etag') ?? '', text, position: String(body.position ?? 'not yet') }
}

/**
 * @param {Map<string, Posted>} named
 * @param {string} name
 */
function find(named, name) {
  const posted = named.get(name)
  if (!posted) throw new Error(`The scenario names "${name}" before it is posted`)
  return posted
}

/** @type {Record<Step['op'], string>} ANSI colour codes */
const colours = { publish: '\x1b[32m', correct: '\x1b[33m', withdraw: '\x1b[31m', expire: '\x1b[90m' }

/**
 * @param {string} feed
 * @param {Step['op']} op
 * @param {string} text
 * @param {Posted} posted
 * @param {string} [note]
 */
function printStep(feed, op, text, posted, note) {
  const time = new Date().toTimeString().slice(0, 8)
  const word = op.padEnd(8)
  const shownOp = process.stdout.isTTY ? `${colours[op]}${word}\x1b[0m` : word
  const remark = note === undefined ? '' : ` (${note})`
  console.log(`${time}  ${feed.padEnd(10)}  ${shownOp}  ${posted.position.padEnd(14)}  ${text}${remark}`)
  return posted
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error)
}
