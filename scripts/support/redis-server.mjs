/**
 * Finds or downloads a Redis for `npm start` and the tests, and starts it as a durable server and child process.
 */
import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, readlink, realpath } from 'node:fs/promises'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { exitOf, spawnTied, stopChild } from './child-process.mjs'
import { fetchDebianTool } from './debian-package.mjs'
import { commandFor, findOnPath } from './host.mjs'
import { keepPasswords, withUser, writeAclFile } from './redis-users.mjs'
import { socketFolderOf, takeLock } from './socket-lock.mjs'

const readyLimitMs = 10_000
const loadingLimitMs = 60_000
const stopLimitMs = 10_000
const connectLimitMs = 2000
const keptLogLines = 40

/**
 * @typedef {{ binary: string, env: Record<string, string> }} RedisBinary
 *
 * @typedef {object} EmbeddedRedis
 * @property {(user: import('./redis-users.mjs').RedisUser, address?: string) => string} urlFor With `port`:
 *   `redis://<user>:<password>@127.0.0.1:<port>`. Without: the absolute path of the unix socket and the user, as
 *   in `/srv/flashline/data/redis/redis.sock?username=api&password=…`. ioredis 6 accepts both. `address`: that of
 *   a proxy in front of the server
 * @property {(address?: string) => Record<'REDIS_URL_API' | 'REDIS_URL_WORKER' | 'REDIS_URL_GATEWAY', string>} roleUrls
 *   the service's settings for this server
 * @property {string} socketPath path of the unix socket, which exists with a `port` too
 * @property {number} pid
 * @property {() => Promise<import('./child-process.mjs').Exit>} stop sends SIGTERM, and SIGKILL after 10 s
 * @property {(signal: NodeJS.Signals) => boolean} kill for tests of durability
 * @property {Promise<import('./child-process.mjs').Exit>} exited settles when the server has ended and a
 *   new server can use the data
 */

/** The first version with ACL rules for read-only access to keys. */
const oldestVersion = 7

/**
 * Takes REDIS_SERVER_BINARY, else a new enough server on PATH, else one from this system's Debian packages.
 *
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<RedisBinary>}
 * @throws {Error} with the command that installs Redis on this system
 */
export async function findRedisServer({ log } = {}) {
  const configured = process.env['REDIS_SERVER_BINARY']
  if (configured) {
    const libraries = process.env['REDIS_SERVER_LIBRARY_PATH']
    return { binary: configured, env: libraries ? { LD_LIBRARY_PATH: libraries } : {} }
  }
  const onPath = await findOnPath(['redis-server', 'valkey-server'])
  if (onPath && (await isNewEnough({ binary: onPath, env: {} }))) return { binary: onPath, env: {} }
  try {
    const { binary, env } = await fetchDebianTool({
      packages: ['redis-server', 'redis-tools'],
      binary: 'redis-server',
      ...(log && { log }),
    })
    if (await isNewEnough({ binary, env })) return { binary, env }
    throw new Error(`this system's packages have an older version`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `No Redis ${oldestVersion} or newer found (${reason}). Set REDIS_URL, or install one with: ${await commandFor(
        {
          brew: 'brew install redis',
          apt: 'sudo apt-get install -y redis-server',
          dnf: 'sudo dnf install -y valkey',
          apk: 'sudo apk add valkey',
          pacman: 'sudo pacman -S valkey',
          zypper: 'sudo zypper install redis',
          other: 'REDIS_URL=redis://host:6379 npm start',
        },
      )}`,
      { cause: error },
    )
  }
}

/** @param {RedisBinary} server */
async function isNewEnough({ binary, env }) {
  const { stdout } = await promisify(execFile)(binary, ['--version'], { env: { ...process.env, ...env } })
  return Number(/v=(\d+)/.exec(stdout)?.[1]) >= oldestVersion
}

/**
 * Starts a server whose data survives kill -9 and that accepts only its own users, and waits until it answers. The
 * service must be built, because the rights of the users are part of it.
 *
 * @param {object} options
 * @param {string} options.dataDir created with mode 700 when missing
 * @param {number} [options.port] listens on 127.0.0.1 as well
 * @param {string} [options.prefix] prefix of the keys that the service's users may use
 * @param {boolean} [options.admin] creates a user with all rights, for tests
 * @param {RedisBinary} [options.server] default: findRedisServer()
 * @param {(line: string) => void} [options.log] receives the lines of the server's log
 * @returns {Promise<EmbeddedRedis>}
 * @throws {Error} with `code: 'data-in-use'`, `dataDir` and `pid` when another start holds the data;
 *   `code: 'redis-failed'` when the server does not start
 */
export async function startRedis({ dataDir, port, prefix = 'fl', admin = false, server, log }) {
  const { binary, env } = server ?? (await findRedisServer())
  await mkdir(resolve(dataDir), { recursive: true, mode: 0o700 })
  const dir = await realpath(dataDir)
  await chmod(dir, 0o700)
  const sockets = await socketFolderOf(dir)

  const lock = await takeLock(join(sockets, 'lock.sock'))
  if (lock.kind === 'held') throw dataInUse(dir, lock.pid)
  try {
    const socketPath = join(sockets, 'redis.sock')
    const pidFile = join(sockets, 'redis.pid')
    const passwords = await keepPasswords(dir)
    const ask = askAs('keeper', passwords.keeper, socketPath)
    await endOrphan({ dir, socketPath, pidFile, ask })

    const aclFile = await writeAclFile(dir, { passwords, prefix, admin })
    const child = await spawnTied(binary, serverOptions({ dir, socketPath, pidFile, port, aclFile }), {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const lastLines = keepLog(child, log)
    const gone = exitOf(child)
    const exited = gone.then(async (exit) => {
      await lock.release()
      return exit
    })
    try {
      await untilReady({ ask, gone, lastLines, binary })
    } catch (error) {
      await stopChild(child, exited, 1000)
      throw error
    }
    const own = port === undefined ? socketPath : `redis://127.0.0.1:${port}`
    /** @type {EmbeddedRedis['urlFor']} */
    const urlFor = (user, address = own) => withUser(address, user, passwords[user])
    return {
      urlFor,
      roleUrls: (address) => ({
        REDIS_URL_API: urlFor('api', address),
        REDIS_URL_WORKER: urlFor('worker', address),
        REDIS_URL_GATEWAY: urlFor('gateway', address),
      }),
      socketPath,
      pid: child.pid ?? 0,
      stop: () => stopChild(child, exited, stopLimitMs),
      kill: (signal) => child.kill(signal),
      exited,
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/**
 * @param {string} dataDir of a server that another start runs
 * @param {import('./redis-users.mjs').RedisUser} user
 * @returns {Promise<string | undefined>} its address; undefined when no server runs
 */
export async function runningRedis(dataDir, user) {
  const dir = await realpath(dataDir).catch(() => undefined)
  if (dir === undefined) return undefined
  const socketPath = join(await socketFolderOf(dir), 'redis.sock')
  return (await answers(socketPath))
    ? withUser(socketPath, user, (await keepPasswords(dir))[user])
    : undefined
}

/** @param {{ dir: string, socketPath: string, pidFile: string, port: number | undefined, aclFile: string }} place */
function serverOptions({ dir, socketPath, pidFile, port, aclFile }) {
  const options = {
    port: String(port ?? 0),
    bind: '127.0.0.1',
    unixsocket: socketPath,
    unixsocketperm: '700',
    aclfile: aclFile,
    dir,
    pidfile: pidFile,
    daemonize: 'no',
    // Redis answers a write only when it is on the disk.
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    // With full memory Redis refuses writes; it never deletes headlines.
    'maxmemory-policy': 'noeviction',
  }
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
}

/**
 * Stops a server that has outlived its parent before a new server starts: Redis does not prevent two servers from
 * writing to the same folder.
 *
 * @param {{ dir: string, socketPath: string, pidFile: string, ask: Ask }} place
 */
async function endOrphan({ dir, socketPath, pidFile, ask }) {
  const pid = await serverProcess(pidFile, dir)
  const deadline = Date.now() + stopLimitMs
  let sentShutdown = false
  for (;;) {
    const listening = await answers(socketPath)
    const running = pid !== undefined && (await worksIn(pid, dir))
    if (!listening && !running) return
    if (!sentShutdown) {
      sentShutdown = true
      if (listening) await ask('SHUTDOWN').catch(() => undefined)
      // A stopped process handles the request only after SIGCONT.
      if (running) signal(pid, 'SIGCONT')
    }
    if (Date.now() > deadline) {
      if (!running) throw dataInUse(dir, pid)
      signal(pid, 'SIGKILL')
    }
    if (Date.now() > deadline + 2000) throw dataInUse(dir, pid)
    await pause(20)
  }
}

/**
 * @param {string} pidFile
 * @param {string} dir
 * @returns {Promise<number | undefined>} undefined also when the pid belongs to another program by now
 */
async function serverProcess(pidFile, dir) {
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10)
  if (!pid) return undefined
  return (await worksIn(pid, dir)) ? pid : undefined
}

/**
 * A server is recognised by its working directory, the data folder. A process that has ended has no working directory,
 * although its pid exists until its parent reads the exit code.
 *
 * @param {number} pid
 * @param {string} dir
 */
async function worksIn(pid, dir) {
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === dir
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  try {
    process.kill(pid, name)
  } catch {
    // The process has ended in the meantime.
  }
}

/**
 * @param {object} start
 * @param {Ask} start.ask
 * @param {Promise<import('./child-process.mjs').Exit>} start.gone
 * @param {() => string} start.lastLines
 * @param {string} start.binary
 */
async function untilReady({ ask, gone, lastLines, binary }) {
  /** @type {import('./child-process.mjs').Exit | undefined} */
  let exit
  void gone.then((value) => (exit = value))
  const begun = Date.now()
  let limitMs = readyLimitMs
  for (;;) {
    const answer = await ask('PING').catch(() => '')
    if (answer.startsWith('+PONG')) return
    // LOADING: Redis reads a long append-only file.
    if (answer.startsWith('-LOADING')) limitMs = loadingLimitMs
    if (exit) throw startFailure(`${binary} ended with ${exit.signal ?? exit.code}`, lastLines())
    if (Date.now() - begun > limitMs)
      throw startFailure(`${binary} was not ready in ${limitMs} ms`, lastLines())
    await pause(10)
  }
}

/**
 * Sends a command and returns the first line of the answer; empty when the server closes the connection.
 * @typedef {(command: string) => Promise<string>} Ask
 */

/**
 * A server that an earlier version of this script started has no users: AUTH fails there, but the command works.
 *
 * @param {string} user
 * @param {string} password
 * @param {string} socketPath
 * @returns {Ask}
 */
function askAs(user, password, socketPath) {
  return (command) =>
    new Promise((resolve, reject) => {
      let answer = ''
      const socket = connect(socketPath, () => socket.write(`AUTH ${user} ${password}\r\n${command}\r\n`))
      const done = () => {
        socket.destroy()
        resolve(answer.split('\r\n')[1] ?? '')
      }
      socket.setTimeout(connectLimitMs, done)
      socket.on('data', (chunk) => {
        answer += String(chunk)
        if (answer.split('\r\n').length > 2) done()
      })
      socket.on('close', done)
      socket.on('error', reject)
    })
}

/**
 * @param {string} socketPath
 * @returns {Promise<boolean>}
 */
function answers(socketPath) {
  return new Promise((resolve) => {
    const socket = connect(socketPath)
    const done = (/** @type {boolean} */ alive) => {
      socket.destroy()
      resolve(alive)
    }
    socket.setTimeout(connectLimitMs, () => done(true))
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {((line: string) => void) | undefined} log
 * @returns {() => string} the last lines, for an error
 */
function keepLog(child, log) {
  /** @type {string[]} */
  const kept = []
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        log?.(line)
        kept.push(line)
        if (kept.length > keptLogLines) kept.shift()
      }
    })
  }
  return () => kept.slice(-8).join('\n')
}

/**
 * @param {string} dir
 * @param {number | undefined} pid
 */
function dataInUse(dir, pid) {
  const holder = pid === undefined ? 'another process' : `process ${pid}`
  return Object.assign(new Error(`The data in ${dir} is in use by ${holder}`), {
    code: 'data-in-use',
    dataDir: dir,
    pid,
  })
}

/**
 * @param {string} problem
 * @param {string} lines
 */
function startFailure(problem, lines) {
  return Object.assign(new Error(`${problem}. The last lines of its log:\n${lines}`), {
    code: 'redis-failed',
  })
}
