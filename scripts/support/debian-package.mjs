/**
 * Gets programs from Debian packages without root and without an installation: apt downloads the packages and missing
 * libraries, and they are unpacked into a cache folder of the project.
 */
import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { constants } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const projectRoot = resolve(fileURLToPath(import.meta.url), '../../..')
export const debianCacheDir = join(projectRoot, '.cache', 'debian')

// Long enough for a slow mirror, and an end for one that does not answer.
const downloadLimitMs = 10 * 60_000
const commandLimitMs = 60_000

// The C and C++ runtimes are taken from the host: programs do not start with runtimes that differ from the host's
// loader.
const hostRuntime = new Set(['libc6', 'libc-bin', 'libgcc-s1', 'libstdc++6', 'libc6-i386'])

/**
 * @typedef {object} DebianTool
 * @property {string} binary absolute path of the program
 * @property {string} root folder that holds the unpacked packages as if it were /
 * @property {{ LD_LIBRARY_PATH: string }} env what the program needs in its environment
 */

/**
 * Downloads a program once. Later calls only check that it is complete.
 *
 * @param {object} request
 * @param {string[]} request.packages the first one names the cache folder
 * @param {string} request.binary name of the program ("nginx"), or its path inside the packages ("usr/lib/x/x")
 * @param {string} [request.cacheDir] default: .cache/debian of the project
 * @param {string[]} [request.without] dependencies that the program does not need
 * @param {(line: string) => void} [request.log]
 * @returns {Promise<DebianTool>}
 * @throws {Error} with `code: 'no-debian'` when apt is missing, 'no-package' when the download fails
 */
export async function fetchDebianTool({
  packages,
  binary,
  cacheDir = debianCacheDir,
  without = [],
  log = (line) => process.stderr.write(`${line}\n`),
}) {
  const [name] = packages
  if (name === undefined) throw new Error('fetchDebianTool: request.packages is empty')

  const home = join(cacheDir, name)
  const request = await describeRequest({ packages, binary, without })
  const cached = await readCached(home, request)
  if (cached) return cached

  if (!(await isDebianLike()))
    throw failure('no-debian', 'not a Debian-like system: apt-get or dpkg-deb is missing')
  log(`Fetching ${packages.join(', ')} from this system's Debian packages (no root needed, kept in ${home})`)

  await mkdir(cacheDir, { recursive: true })
  const work = await mkdtemp(join(cacheDir, `.${name}-`))
  try {
    await downloadPackages({ packages, without, cacheDir, into: join(work, 'deb') })
    await unpack(join(work, 'deb'), join(work, 'tool', 'root'))
    await rm(join(work, 'deb'), { recursive: true })
    await writeFile(join(work, 'tool', 'request.json'), request)
    await checkStarts(await toolIn(join(work, 'tool'), binary))
    return await putInPlace({ from: join(work, 'tool'), home, request, binary })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** @returns {Promise<boolean>} */
export async function isDebianLike() {
  const needed = ['apt-get', 'apt-cache', 'dpkg-deb', 'dpkg-query']
  const found = await Promise.all(needed.map((command) => run(command, ['--version']).then(ok, failed)))
  return found.every(Boolean)
}

/**
 * Describes what the cache is valid for: with another Debian release or processor the packages are downloaded again.
 * @param {{ packages: string[], binary: string, without: string[] }} wanted
 */
async function describeRequest(wanted) {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  const system = /^VERSION_ID=.*$/m.exec(release)?.[0] ?? ''
  const id = /^ID=.*$/m.exec(release)?.[0] ?? ''
  return JSON.stringify({ ...wanted, id, system, arch: process.arch })
}

/**
 * @param {string} home
 * @param {string} request
 * @returns {Promise<DebianTool | undefined>}
 */
async function readCached(home, request) {
  const present = await readFile(join(home, 'request.json'), 'utf8').catch(() => '')
  if (present !== request) return undefined
  const { binary } = /** @type {{ binary: string }} */ (JSON.parse(request))
  try {
    const tool = await toolIn(home, binary)
    // A library of the host that the program uses may have been removed.
    await checkStarts(tool)
    return tool
  } catch {
    return undefined
  }
}

/**
 * @param {string} home
 * @param {string} binary
 * @returns {Promise<DebianTool>}
 */
async function toolIn(home, binary) {
  const root = join(home, 'root')
  const candidates = binary.includes('/')
    ? [binary]
    : ['usr/bin', 'usr/sbin', 'bin', 'sbin'].map((folder) => `${folder}/${binary}`)
  for (const candidate of candidates) {
    const path = join(root, candidate)
    if (await access(path, constants.X_OK).then(ok, failed)) {
      return { binary: path, root, env: { LD_LIBRARY_PATH: (await libraryFolders(root)).join(':') } }
    }
  }
  throw failure('no-package', `the packages hold no program ${binary}`)
}

/**
 * Finds all folders with shared libraries, at most two levels below lib, where some packages have private libraries.
 * @param {string} root
 */
async function libraryFolders(root) {
  /** @type {string[]} */
  const found = []
  for (const lib of ['usr/lib', 'lib', 'usr/lib64', 'lib64']) await collect(join(root, lib), 0)
  return found

  /**
   * @param {string} folder
   * @param {number} depth
   */
  async function collect(folder, depth) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    if (entries.some((entry) => /^lib.*\.so(\.|$)/.test(entry.name))) found.push(folder)
    if (depth === 2) return
    for (const entry of entries) if (entry.isDirectory()) await collect(join(folder, entry.name), depth + 1)
  }
}

/**
 * Downloads with the system's package lists or, if they lack a package or are too old, with updated private lists.
 * @param {{ packages: string[], without: string[], cacheDir: string, into: string }} wanted
 */
async function downloadPackages({ packages, without, cacheDir, into }) {
  const system = aptOptions(into)
  try {
    await download(packages, without, into, system)
    return
  } catch {
    await rm(into, { recursive: true, force: true })
  }
  const lists = join(cacheDir, '.apt-lists')
  await mkdir(join(lists, 'partial'), { recursive: true })
  const own = [...system, '-o', `Dir::State::lists=${lists}`]
  // apt-get update fails for one broken third-party source, although it has read all other sources.
  await run('apt-get', [...own, 'update'], { timeout: downloadLimitMs, maxBuffer: 1 << 26 }).catch(
    () => undefined,
  )
  try {
    await download(packages, without, into, own)
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.trim().split('\n').slice(-2).join(' ') : String(error)
    throw failure('no-package', `could not fetch ${packages.join(', ')}: ${reason}`)
  }
}

/**
 * Options for private package lists and caches, so that apt writes only inside the project and needs no system lock.
 * @param {string} into
 */
function aptOptions(into) {
  return [
    ['Dir::Cache', join(into, '.apt-cache')],
    ['Dir::Cache::pkgcache', ''],
    ['Dir::Cache::srcpkgcache', ''],
    ['APT::Sandbox::User', 'root'],
    ['Debug::NoLocking', '1'],
    ['Acquire::Retries', '2'],
    ['Acquire::http::Timeout', '30'],
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

/**
 * @param {string[]} packages
 * @param {string[]} without
 * @param {string} into
 * @param {string[]} options
 */
async function download(packages, without, into, options) {
  await mkdir(join(into, '.apt-cache', 'archives', 'partial'), { recursive: true })
  const all = await withLibraries(packages, new Set(without), options)
  await run('apt-get', [...options, 'download', ...all], {
    cwd: into,
    timeout: downloadLimitMs,
    maxBuffer: 1 << 26,
  })
}

/**
 * The packages and, recursively, the libraries and parts that they depend on and that the host lacks.
 * @param {string[]} packages
 * @param {Set<string>} without
 * @param {string[]} options
 */
async function withLibraries(packages, without, options) {
  const kinds = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances']
  const { stdout } = await run(
    'apt-cache',
    [...options, 'depends', '--recurse', ...kinds.map((kind) => `--no-${kind}`), ...packages],
    { timeout: commandLimitMs, maxBuffer: 1 << 26 },
  )
  const dependencies = parseDependencies(stdout)
  const installed = await installedPackages()
  /** @type {Set<string>} */
  const wanted = new Set(packages)
  const queue = [...packages]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const alternatives of dependencies.get(name) ?? []) {
      if (alternatives.some((each) => wanted.has(each) || without.has(each))) continue
      // A program looks for its own parts in its own folder, so it cannot use those of the host.
      const own = alternatives.find((each) => packages.some((name) => each.startsWith(`${name}-`)))
      if (own === undefined && alternatives.some((each) => installed.has(each))) continue
      const chosen = own ?? alternatives.find(isLibrary)
      if (chosen === undefined) continue
      wanted.add(chosen)
      queue.push(chosen)
    }
  }
  return [...wanted].sort()
}

/**
 * Parses `apt-cache depends`: a package name without indentation, then its dependencies; "|" means "or the next one".
 * @param {string} text
 * @returns {Map<string, string[][]>}
 */
function parseDependencies(text) {
  /** @type {Map<string, string[][]>} */
  const all = new Map()
  /** @type {string[][]} */
  let current = []
  let continued = false
  for (const line of text.split('\n')) {
    if (/^[a-z0-9]/.test(line)) {
      current = []
      all.set(line.trim().replace(/:\w+$/, ''), current)
      continue
    }
    const match = /^ ([ |])(?:Pre)?Depends: (\S+)$/.exec(line)
    if (match) {
      const name = (match[2] ?? '').replace(/:\w+$/, '')
      if (continued) current.at(-1)?.push(name)
      else current.push([name])
      continued = match[1] === '|'
      continue
    }
    // Lines with more indentation name the packages that provide a virtual package.
    const provider = /^ {4}(\S+)$/.exec(line)?.[1]
    if (provider !== undefined) current.at(-1)?.push(provider.replace(/:\w+$/, ''))
  }
  return all
}

/** @param {string} name */
function isLibrary(name) {
  return /^(lib|zlib|lua-)/.test(name) && !hostRuntime.has(name)
}

async function installedPackages() {
  const { stdout } = await run('dpkg-query', ['-W', '-f', '${db:Status-Abbrev} ${Package}\n'], {
    timeout: commandLimitMs,
    maxBuffer: 1 << 26,
  })
  const lines = stdout.split('\n').filter((line) => line.startsWith('ii'))
  return new Set(lines.map((line) => line.split(/\s+/)[1] ?? ''))
}

/**
 * @param {string} from
 * @param {string} root
 */
async function unpack(from, root) {
  await mkdir(root, { recursive: true })
  const files = (await readdir(from)).filter((file) => file.endsWith('.deb'))
  for (const file of files)
    await run('dpkg-deb', ['-x', join(from, file), root], { timeout: downloadLimitMs })
}

/**
 * Checks that all shared libraries are found, so that a missing one is reported here by name and not at the first use.
 * @param {DebianTool} tool
 */
async function checkStarts({ binary, env }) {
  const ldd = await run('ldd', [binary], { env: { ...process.env, ...env }, timeout: commandLimitMs }).catch(
    () => undefined,
  )
  const missing = ldd?.stdout.split('\n').filter((line) => line.includes('not found')) ?? []
  if (missing.length > 0)
    throw failure('no-package', `${binary} lacks ${missing.map((line) => line.trim()).join(', ')}`)
}

/**
 * @param {{ from: string, home: string, request: string, binary: string }} move
 * @returns {Promise<DebianTool>}
 */
async function putInPlace({ from, home, request, binary }) {
  // Another process may have stored its copy already. A valid copy is kept, since it may be in use.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const present = await readCached(home, request)
    if (present) return present
    if (await stat(home).then(ok, failed)) {
      const old = `${from}-replaced-${attempt}`
      await rename(home, old).catch(() => undefined)
      await rm(old, { recursive: true, force: true })
    }
    if (await rename(from, home).then(ok, failed)) return toolIn(home, binary)
  }
  throw failure('no-package', `could not write ${home}`)
}

/**
 * @param {string} code
 * @param {string} message
 */
function failure(code, message) {
  return Object.assign(new Error(message), { code })
}

const ok = () => true
const failed = () => false
