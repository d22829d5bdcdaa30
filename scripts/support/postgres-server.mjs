/**
 * Finds or downloads a PostgreSQL for the tests, and starts it as a durable server and child process.
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { constants } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { exitOf, spawnTied } from './child-process.mjs'
import { fetchDebianTool } from './debian-package.mjs'
import { findOnPath } from './host.mjs'

const run = promisify(execFile)
const readyLimitMs = 60_000
const stopLimitMs = 20_000
const keptLogLines = 40
/** The folder in which Debian has a folder for each version. */
const debianFolder = '/usr/lib/postgresql'

/**
 * @typedef {{ bin: string, env: Record<string, string>, root?: string }} PostgresPrograms `bin`: the folder of initdb and
 *   postgres; `root`: the folder of the unpacked packages
 *
 * @typedef {object} EmbeddedPostgres
 * @property {string} url of an empty database
 * @property {number} port
 * @property {string} dataDir
 * @property {number} pid of the postmaster
 * @property {() => Promise<import('./child-process.mjs').Exit>} stop ends it and removes its data, unless they are kept
 * @property {(signal: NodeJS.Signals) => boolean} kill for tests of durability
 * @property {Promise<import('./child-process.mjs').Exit>} exited
 * @property {() => Promise<void>} restart with the same data and port, after `exited`
 */

/**
 * Takes POSTGRES_BIN (with POSTGRES_LIBRARY_PATH and POSTGRES_ROOT, where these packages are unpacked), else the newest installed one, else one from this system's Debian packages.
 *
 * @param {{ log?: (line: string) => void, installed?: string }} [options] `installed`: where Debian installs it
 * @returns {Promise<PostgresPrograms | undefined>}
 */
export async function findPostgres(options = {}) {
  const {
    log = (/** @type {string} */ line) => process.stderr.write(`${line}\n`),
    installed = debianFolder,
  } = options
  const { POSTGRES_BIN: bin, POSTGRES_LIBRARY_PATH: libraries, POSTGRES_ROOT: root } = process.env
  if (bin) return { bin, env: librariesOf(libraries), ...(root && { root }) }
  for (const bin of await installedFolders(installed))
    if (await isProgram(join(bin, 'initdb'))) return { bin, env: {} }
  try {
    const name = await debianPackage()
    const binary = `usr/lib/postgresql/${name.replace(/^\D+/, '')}/bin/postgres`
    const tool = await fetchDebianTool({ packages: [name], binary, log })
    return { bin: dirname(tool.binary), env: tool.env, root: tool.root }
  } catch (error) {
    log(`PostgreSQL is not found: ${error instanceof Error ? error.message : error}`)
    return undefined
  }
}

/** @param {string} installed */
async function installedFolders(installed) {
  const versions = (await readdir(installed).catch(() => [])).sort((a, b) => Number(b) - Number(a))
  const onPath = await findOnPath(['initdb'])
  return [...versions.map((version) => join(installed, version, 'bin')), ...(onPath ? [dirname(onPath)] : [])]
}

/** The package of this system's own version, on which the package `postgresql` depends. */
async function debianPackage() {
  const { stdout } = await run('apt-cache', ['depends', 'postgresql'])
  const name = /Depends: (postgresql-\d+)/.exec(stdout)?.[1]
  if (name === undefined) throw new Error('the Debian packages have no postgresql')
  return name
}

/** @param {string | undefined} path */
function librariesOf(path) {
  /** @type {Record<string, string>} */
  const env = path ? { LD_LIBRARY_PATH: path } : {}
  return env
}

/**
 * Starts a server with new data in a temporary folder, or with those in `home`, and waits until it answers. PostgreSQL
 * refuses root, so root starts it as another user, who must be able to read the folders above.
 *
 * @param {object} options
 * @param {PostgresPrograms} options.programs
 * @param {Record<string, string>} [options.settings] for the server
 * @param {string} [options.home] a folder whose data are kept
 * @returns {Promise<EmbeddedPostgres>}
 */
export async function startPostgres({ programs, settings = {}, home: kept }) {
  const user = await otherUser()
  const home = kept ?? (await mkdtemp(join(tmpdir(), 'flashline-postgres-')))
  try {
    if (kept) await mkdir(kept, { recursive: true, mode: 0o700 })
    if (user) await chown(home, user.uid, user.gid)
    const { bin, env } = await readableBy(user, programs, home)
    const dataDir = join(home, 'data')
    const place = { cwd: home, env: { ...process.env, ...env, HOME: home, TZ: 'UTC' }, ...user }
    const password = await madeData({ bin, dataDir, home, place, user })
    const port = await freePort()
    const server = {
      postgres: join(bin, 'postgres'),
      dataDir,
      home,
      keeps: kept !== undefined,
      port,
      settings,
      place,
    }
    const url = `postgres://flashline:${password}@127.0.0.1:${port}/postgres`
    return await running(server, url)
  } catch (error) {
    if (!kept) await rm(home, { recursive: true, force: true })
    throw error
  }
}

/**
 * @param {{ bin: string, dataDir: string, home: string, place: import('node:child_process').SpawnOptions,
 *   user: OtherUser | undefined }} wanted
 * @returns {Promise<string>} the password of the user `flashline`
 */
async function madeData({ bin, dataDir, home, place, user }) {
  const passwordFile = join(home, 'password')
  const made = await access(join(dataDir, 'PG_VERSION')).then(
    () => true,
    () => false,
  )
  if (made) return readFile(passwordFile, 'utf8')
  await mkdir(dataDir, { mode: 0o700 })
  const password = randomBytes(12).toString('hex')
  await writeFile(passwordFile, password, { mode: 0o600 })
  for (const path of [dataDir, passwordFile]) if (user) await chown(path, user.uid, user.gid)
  const options = ['-U', 'flashline', '--pwfile', passwordFile, '-A', 'scram-sha-256']
  await run(join(bin, 'initdb'), ['-D', dataDir, '-E', 'UTF8', '--locale=C', '-N', ...options], place)
  return password
}

/**
 * @typedef {{ postgres: string, dataDir: string, home: string, keeps: boolean, port: number, settings: Record<string, string>,
 *   place: import('node:child_process').SpawnOptions }} Server
 *
 * @param {Server} server
 * @param {string} url
 * @returns {Promise<EmbeddedPostgres>}
 */
async function running(server, url) {
  let { child, exited } = await startProcess(server, url)
  return {
    url,
    port: server.port,
    dataDir: server.dataDir,
    get pid() {
      return child.pid ?? 0
    },
    get exited() {
      return exited
    },
    kill: (signal) => child.kill(signal),
    async restart() {
      ;({ child, exited } = await startProcess(server, url))
    },
    async stop() {
      const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
      // Ends the connections; SIGTERM waits for them.
      child.kill('SIGINT')
      child.kill('SIGCONT')
      const exit = await exited
      clearTimeout(timer)
      if (!server.keeps) await rm(server.home, { recursive: true, force: true })
      return exit
    },
  }
}

/**
 * @param {Server} server
 * @param {string} url
 */
async function startProcess({ postgres, dataDir, home, port, settings, place }, url) {
  const options = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: home,
    // A server on a busy computer is no reason to fail a test.
    max_connections: '100',
    ...settings,
  }
  const args = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const deadline = Date.now() + readyLimitMs
  for (;;) {
    const child = await spawnTied(postgres, ['-D', dataDir, ...args], {
      ...place,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const lastLines = keepLog(child)
    const exited = exitOf(child)
    /** @type {import('./child-process.mjs').Exit | undefined} */
    let exit
    void exited.then((value) => (exit = value))
    while (exit === undefined && Date.now() < deadline) {
      if (await answers(url)) return { child, exited }
      await pause(50)
    }
    child.kill('SIGKILL')
    // After kill -9 of the postmaster its processes end a moment later, and until then the data is in use.
    const isInUse = /still in use|lock file|could not bind/.test(lastLines())
    if (!isInUse || Date.now() > deadline) throw new Error(`PostgreSQL has not started:\n${lastLines()}`)
    await pause(100)
  }
}

/** @param {string} url */
async function answers(url) {
  // Not above: a test run loads this file before it has installed the packages.
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function keepLog(child) {
  /** @type {string[]} */
  const lines = []
  child.stderr?.on('data', (chunk) => {
    lines.push(...String(chunk).split('\n').filter(Boolean))
    lines.splice(0, lines.length - keptLogLines)
  })
  return () => lines.join('\n')
}

/**
 * @typedef {{ uid: number, gid: number }} OtherUser
 * @returns {Promise<OtherUser | undefined>} undefined: this process is not root
 */
async function otherUser() {
  if (process.getuid?.() !== 0) return undefined
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const found = users.find(([name]) => name === wanted)
    if (found) return { uid: Number(found[2]), gid: Number(found[3]) }
  }
  return { uid: 65_534, gid: 65_534 }
}

/**
 * The user may have no way into the project's folder: then the programs are copied beside the data.
 *
 * @param {OtherUser | undefined} user
 * @param {PostgresPrograms} programs
 * @param {string} home
 * @returns {Promise<PostgresPrograms>}
 */
async function readableBy(user, programs, home) {
  const { bin, env, root } = programs
  const place = { env: { ...process.env, ...env }, cwd: '/', ...user }
  const starts = () => run(join(bin, 'initdb'), ['--version'], place)
  if (root === undefined || (await starts().then(Boolean, () => false))) return programs
  const copy = join(home, 'programs')
  await cp(root, copy, { recursive: true, verbatimSymlinks: true })
  await chmod(home, 0o755)
  const moved = (/** @type {string} */ path) => path.replaceAll(root, copy)
  return { bin: moved(bin), env: librariesOf(moved(env['LD_LIBRARY_PATH'] ?? '')) }
}

/** @param {string} path */
function isProgram(path) {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
