/**
 * `npm start`: starts Redis and all roles on this computer. Settings come from the environment or a .env file; see the
 * README. `npm start -- --log` shows the log in the terminal instead of writing it to a file.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { exitOf, spawnTied, stopChild } from './support/child-process.mjs'
import { startRedis } from './support/redis-server.mjs'
import { forgetRunning, noteRunning } from './support/running-service.mjs'
import { lastLines, openLog } from './support/service-log.mjs'
import { build, installDependencies } from './support/set-up.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const readyTimeoutMs = 60_000
const drainTimeoutMs = 20_000
const roleSettings = ['REDIS_URL_API', 'REDIS_URL_WORKER', 'REDIS_URL_GATEWAY']

/** An error whose message is for the person at the terminal; no stack is printed. */
class Refusal extends Error {}

/** @type {(signal: NodeJS.Signals) => void} */
let onSignal = (signal) => process.exit(128 + (signal === 'SIGINT' ? 2 : signal === 'SIGHUP' ? 1 : 15))
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => onSignal(signal))

try {
  process.exitCode = await start()
} catch (error) {
  console.error(textOf(error))
  process.exitCode = 1
}

/** @param {unknown} error */
function textOf(error) {
  if (!(error instanceof Error)) return error
  const { code, path } = /** @type {NodeJS.ErrnoException} */ (error)
  if (path !== undefined && ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR'].includes(code ?? ''))
    return `Flashline cannot write ${path} (${code}). Run it in a folder that this user may write, or set DATA_DIR`
  return error instanceof Refusal || code !== undefined ? error.message : (error.stack ?? error.message)
}

/** @returns {Promise<number>} the exit code */
async function start() {
  const { showsLog } = readOptions(process.argv.slice(2))
  await installDependencies()
  await build().catch((/** @type {Error} */ error) => {
    throw new Refusal(error.message)
  })
  loadSettings()
  const settings = readSettings(process.env)
  await requireFreePort(settings)
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 })

  const stopped = stopRequest()
  const redis = settings.namesRedis ? undefined : await embeddedRedis(settings)
  try {
    if (stopped.requested()) return 0
    return await runService(settings, redis, stopped, showsLog)
  } finally {
    await forgetRunning(settings.dataDir)
    await redis?.stop()
  }
}

/** @param {string[]} args */
function readOptions(args) {
  try {
    const { values } = parseArgs({ args, options: { log: { type: 'boolean', default: false } } })
    return { showsLog: values.log }
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : error}\nUsage: npm start -- [--log]`)
  }
}

function loadSettings() {
  const file = join(projectRoot, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
}

/**
 * @typedef {object} Settings
 * @property {string} host
 * @property {number} port
 * @property {string} dataDir
 * @property {boolean} namesRedis
 * @property {string} redisPrefix
 * @property {string | undefined} bootstrapKey
 * @property {string} firstFeed
 * @property {string} firstAdminEmail
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Settings}
 */
function readSettings(env) {
  const port = Number(env['PORT'] || '8080')
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Refusal(`PORT must be a number from 1 to 65535, not "${env['PORT']}"`)
  const redisPrefix = env['REDIS_PREFIX'] || 'fl'
  if (!/^[a-z0-9-]+$/.test(redisPrefix))
    throw new Refusal(`REDIS_PREFIX may only contain a-z, 0-9 and "-", not "${redisPrefix}"`)
  return {
    host: env['HOST'] || '127.0.0.1',
    port,
    dataDir: resolve(projectRoot, env['DATA_DIR'] || 'data'),
    namesRedis: ['REDIS_URL', ...roleSettings].some((name) => Boolean(env[name])),
    redisPrefix,
    bootstrapKey: env['BOOTSTRAP_KEY'] || undefined,
    firstFeed: env['FIRST_FEED'] || 'en',
    firstAdminEmail: env['FIRST_ADMIN_EMAIL'] || 'admin@localhost',
  }
}

/** @param {Settings} settings */
async function requireFreePort({ host, port }) {
  const reason = await new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code ?? error.message))
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
  const suggestedPort = port === 8081 ? 8082 : 8081
  if (reason === 'EADDRINUSE')
    throw new Refusal(
      `Port ${port} is in use by another program. Choose another port: PORT=${suggestedPort} npm start`,
    )
  if (reason === 'EACCES')
    throw new Refusal(
      `This user may not listen on port ${port}. Choose a higher port: PORT=${suggestedPort} npm start`,
    )
  if (reason !== undefined)
    throw new Refusal(
      `Cannot listen on ${host}:${port} (${reason}). Check HOST, for example: HOST=127.0.0.1 npm start`,
    )
}

/** @param {Settings} settings */
async function embeddedRedis({ dataDir, redisPrefix }) {
  try {
    return await startRedis({ dataDir: join(dataDir, 'redis'), prefix: redisPrefix })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'data-in-use')
      throw new Refusal(
        `${error.message}. Stop that process first, or use another folder: DATA_DIR=./data-2 npm start`.replaceAll(
          '\n',
          ' ',
        ),
      )
    throw new Refusal(error instanceof Error ? error.message : String(error))
  }
}

/**
 * From now on, the first signal stops the service in order, and the second kills it.
 */
function stopRequest() {
  let count = 0
  /** @type {() => void} */
  let onFirst = () => undefined
  /** @type {() => void} */
  let onSecond = () => undefined
  onSignal = () => {
    count += 1
    if (count === 1) onFirst()
    else onSecond()
  }
  return {
    requested: () => count > 0,
    /**
     * @param {() => void} stop
     * @param {() => void} stopNow
     */
    on(stop, stopNow) {
      onFirst = stop
      onSecond = stopNow
    },
  }
}

/**
 * @param {Settings} settings
 * @param {import('./support/redis-server.mjs').EmbeddedRedis | undefined} redis
 * @param {ReturnType<typeof stopRequest>} stopped
 * @param {boolean} showsLog
 * @returns {Promise<number>} the exit code
 */
async function runService(settings, redis, stopped, showsLog) {
  const keyFile = join(settings.dataDir, 'first-run-key')
  const logFile = showsLog ? undefined : join(settings.dataDir, 'flashline.log')
  const log = logFile === undefined ? undefined : await openLog(logFile)
  const service = await spawnTied(process.execPath, [join(projectRoot, 'dist/src/main.js'), 'all'], {
    cwd: projectRoot,
    stdio: ['ignore', log?.fd ?? 'inherit', log?.fd ?? 'inherit', 'ipc'],
    env: {
      ...process.env,
      ...redis?.roleUrls(),
      HOST: settings.host,
      PORT: String(settings.port),
      ARCHIVE_URL: process.env['ARCHIVE_URL'] || `file:${join(settings.dataDir, 'archive.db')}`,
      FIRST_FEED: settings.firstFeed,
      FIRST_ADMIN_EMAIL: settings.firstAdminEmail,
      ...(settings.bootstrapKey === undefined && { FIRST_KEY_FILE: shortPath(keyFile) }),
      BOOTSTRAP_KEY: settings.bootstrapKey ?? (await firstRunKey(keyFile)),
    },
  })
  await log?.close()
  const exited = exitOf(service)
  let state = /** @type {'running' | 'stopping' | 'killed' | 'late' | 'redis-gone'} */ ('running')
  const stop = (/** @type {typeof state} */ next) => {
    if (state !== 'running') return
    state = next
    void stopChild(service, exited, drainTimeoutMs)
  }
  stopped.on(
    () => stop('stopping'),
    () => {
      state = 'killed'
      service.kill('SIGKILL')
    },
  )
  if (stopped.requested()) stop('stopping')
  void redis?.exited.then(() => stop('redis-gone'))

  const readyTimer = setTimeout(() => stop('late'), readyTimeoutMs)
  service.on('message', (message) => {
    const ready = readReady(message)
    if (ready === undefined || state !== 'running') return
    clearTimeout(readyTimer)
    console.log(readyText({ ...ready, settings, keyFile, logFile, embedded: redis !== undefined }))
    void noteRunning(settings.dataDir, { url: ready.url, pid: process.pid })
  })

  const exit = await exited
  clearTimeout(readyTimer)
  switch (state) {
    case 'stopping':
      if (exit.code === 0) return 0
      console.error(`The service failed while it stopped (${exit.signal ?? exit.code})`)
      return exit.code || 1
    case 'killed':
      return 1
    case 'late':
      console.error(`The service was not ready after ${readyTimeoutMs / 1000} s`)
      return 1
    case 'redis-gone':
      console.error(
        'Redis ended unexpectedly, so the service was stopped. Accepted headlines are kept. Run npm start again',
      )
      return 1
    case 'running':
      if (logFile !== undefined) console.error(await lastLines(logFile, 10))
      console.error(
        `The service ended unexpectedly (${exit.signal ?? `exit code ${exit.code}`}); the end of its log is above`,
      )
      return exit.code || 1
    default:
      return /** @satisfies {never} */ (state)
  }
}

/**
 * @param {unknown} message
 * @returns {{ url: string, firstSignIn: string | undefined } | undefined}
 */
function readReady(message) {
  if (typeof message !== 'object' || message === null || !('type' in message) || !('url' in message))
    return undefined
  if (message.type !== 'ready' || typeof message.url !== 'string') return undefined
  const token = 'firstSignIn' in message ? message.firstSignIn : undefined
  return {
    url: message.url.replace(/\/$/, ''),
    firstSignIn: typeof token === 'string' ? token : undefined,
  }
}

/**
 * Returns the key in the file. The first start creates the file, and later starts keep its key.
 * @param {string} file
 */
async function firstRunKey(file) {
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `fl_${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 })
  try {
    // Unlike rename, link never replaces an existing file.
    await link(draft, file)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  return (await readFile(file, 'utf8')).trim()
}

/**
 * The text names the key's file and not the key, which must not get into a log or a terminal's history. The token of
 * the first sign-in may be shown, since it is valid once.
 *
 * @param {{ url: string, firstSignIn: string | undefined, settings: Settings, keyFile: string,
 *   logFile: string | undefined, embedded: boolean }} details
 */
function readyText({ url, firstSignIn, settings, keyFile, logFile, embedded }) {
  const feed = `${url}/v1/feeds/${settings.firstFeed}`
  const key =
    settings.bootstrapKey === undefined ? `$(cat ${shellWord(shortPath(keyFile))})` : '$BOOTSTRAP_KEY'
  const json = "-H 'content-type: application/json'"
  const post = (/** @type {string} */ path) =>
    `curl -X POST ${path} -H "authorization: Bearer ${key}" ${json}`
  const signIn =
    firstSignIn === undefined
      ? ''
      : `#sign-in=${firstSignIn}
          signs in once, within 24 hours, as ${settings.firstAdminEmail}; then choose a password`
  return `
Flashline is ready.

  Desk    ${url}/desk${signIn}
  Page    ${url}/
  Listen  curl -N -H 'accept: text/event-stream' ${feed}/events
  Post    ${post(`${feed}/headlines`)} -d '{"text":"Flashline is on air","urgency":"flash"}'
  Invite  ${post(`${url}/v1/invitations`)} -d '{"email":"you@example.org","roles":{"*":"editor"}}'
  Data    ${embedded ? shortPath(settings.dataDir) : `in the configured Redis; the key is in ${shortPath(settings.dataDir)}`}
${logFile === undefined ? '' : `  Log     ${shortPath(logFile)}\n`}
Ctrl-C stops it.
`
}

/** @param {string} path */
function shortPath(path) {
  const fromHere = relative(process.cwd(), path)
  return fromHere && !fromHere.startsWith('..') ? fromHere : path
}

/** @param {string} path */
function shellWord(path) {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
