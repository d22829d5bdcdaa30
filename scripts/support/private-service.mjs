/**
 * A Flashline with data of its own, which end with it.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitOf, spawnTied, stopChild } from './child-process.mjs'
import { startRedis } from './redis-server.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../../..')
const readyLimitMs = 60_000
const stopLimitMs = 15_000

/**
 * @typedef {object} PrivateService
 * @property {string} url
 * @property {(path: string, body: object, headers?: Record<string, string>) => Promise<{ etag: string, body: any }>} post
 *   as its admin; an error when the answer is a refusal
 * @property {() => Promise<void>} stop
 */

/**
 * The project must be built.
 *
 * @param {Record<string, string>} settings
 * @returns {Promise<PrivateService>}
 */
export async function startPrivateService(settings) {
  const folder = await mkdtemp(join(tmpdir(), 'flashline-'))
  const redis = await startRedis({ dataDir: join(folder, 'redis') })
  const key = randomBytes(32).toString('base64url')
  const child = await spawnTied(process.execPath, [join(projectRoot, 'dist/src/main.js'), 'all'], {
    env: {
      ...process.env,
      ...redis.roleUrls(),
      HOST: '127.0.0.1',
      PORT: '0',
      BOOTSTRAP_KEY: key,
      LOG_LEVEL: 'error',
      ARCHIVE_URL: 'off',
      DRAIN_MS: '100',
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = exitOf(child)
  const stop = async () => {
    await stopChild(child, exited, stopLimitMs)
    await redis.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const signal = AbortSignal.timeout(readyLimitMs)
    const ended = exited.then(() => Promise.reject(new Error('Flashline ended before it was ready')))
    const [{ url }] = await Promise.race([once(child, 'message', { signal }), ended])
    return { url, post: (path, body, headers) => post(url + path, body, key, headers), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * @param {string} url
 * @param {object} body
 * @param {string} key
 * @param {Record<string, string>} [headers]
 */
async function post(url, body, key, headers) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`POST ${url}: ${answer.status} ${text}`)
  return { etag: answer.headers.get('etag') ?? '', body: JSON.parse(text) }
}
