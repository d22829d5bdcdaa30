/**
 * Builds the Dockerfile's image in folders and starts it as a container would, with a separate Redis.
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { exitOf, spawnTied, stopChild } from './child-process.mjs'
import { buildInFolders } from './image-folders.mjs'
import { startRedis } from './redis-server.mjs'

/** @typedef {import('./image-folders.mjs').Image} Image */

const projectRoot = resolve(fileURLToPath(import.meta.url), '../../..')
const readyLimitMs = 60_000
const stopLimitMs = 30_000
const keptCharacters = 4000

/**
 * The project must be built, because `startRedis` reads the users' rights from the build.
 *
 * @param {string} tree a commit or tree of git
 * @param {(line: string) => void} log
 * @throws {Error} if the image does not build, start, answer or stop
 */
export async function checkImage(tree, log) {
  const work = await mkdtemp(join(tmpdir(), 'flashline-image-'))
  try {
    const image = await buildInFolders({ projectRoot, tree, work, log })
    const redis = await startRedis({ dataDir: join(work, 'redis') })
    try {
      await checkContainer(image, redis.roleUrls(), log)
    } finally {
      await redis.stop()
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * @param {Image} image
 * @param {Record<string, string>} redis
 * @param {(line: string) => void} log
 */
async function checkContainer({ folder, env, command, healthcheck, stopSignal }, redis, log) {
  const port = await freePort()
  const secret = randomBytes(32).toString('hex')
  const surroundings = { ...env, ...redis, HOST: '127.0.0.1', PORT: String(port), BOOTSTRAP_KEY: secret }
  log(command.join(' '))
  const [program = '', ...args] = command
  const child = await spawnTied(program, args, {
    cwd: folder,
    env: surroundings,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = exitOf(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream
      ?.setEncoding('utf8')
      .on('data', (/** @type {string} */ text) => (said = (said + text).slice(-keptCharacters)))
  let ended = false
  void exited.then(() => (ended = true))
  try {
    for (const path of ['/healthz', '/readyz']) {
      await answers(`http://127.0.0.1:${port}${path}`, () => ended)
      log(`${path} 200`)
    }
    if (healthcheck) {
      const [tool = '', ...rest] = healthcheck
      await promisify(execFile)(tool, rest, { cwd: folder, env: surroundings, timeout: readyLimitMs })
      log('HEALTHCHECK healthy')
    }
    child.kill(stopSignal)
    const { code } = await stopChild(child, exited, stopLimitMs)
    if (code !== 0) throw new Error(`The image did not stop in order on ${stopSignal} (${code})`)
    log(`${stopSignal} 0`)
  } catch (error) {
    await stopChild(child, exited, 0)
    throw new Error(`${error instanceof Error ? error.message : error}. Its last output:\n${said}`, {
      cause: error,
    })
  }
}

/**
 * @param {string} url
 * @param {() => boolean} isOver
 */
async function answers(url, isOver) {
  const deadline = Date.now() + readyLimitMs
  while (Date.now() < deadline && !isOver()) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
    if (answer?.ok) return
    await pause(50)
  }
  throw new Error(isOver() ? 'The image ended by itself' : `${url} did not answer 200 in ${readyLimitMs} ms`)
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
