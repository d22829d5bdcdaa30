/**
 * Prepares every command: checks the version of Node, installs the dependencies and builds.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { socketFolderOf, withLock } from './socket-lock.mjs'

export { build } from '../build.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../../..')
const modules = join(projectRoot, 'node_modules')
const markFile = join(modules, '.flashline-lock')
const oldestNode = 20
const waitLimitMs = 10 * 60_000

/**
 * Installs the dependencies of package-lock.json unless exactly these are installed. Two processes that install at the
 * same time wait for each other.
 *
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function installDependencies({ log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  requireNode()
  if (await isInstalled()) return false

  const cache = join(projectRoot, '.cache')
  await mkdir(cache, { recursive: true })
  const lock = join(await socketFolderOf(cache), 'install')
  const onWait = () => log('Another installation is running: waiting for it')
  return withLock(lock, { limitMs: waitLimitMs, onWait }, async () => {
    if (await isInstalled()) return false
    log('Installing dependencies (npm ci)')
    const wanted = await lockHash()
    await npmCi()
    await writeFile(markFile, wanted)
    return true
  })
}

function requireNode() {
  const major = Number.parseInt(process.versions.node, 10)
  if (major < oldestNode)
    throw new Error(
      `Flashline needs Node ${oldestNode} or newer; this is ${process.versions.node} (nodejs.org)`,
    )
}

async function isInstalled() {
  const [mark, wanted] = await Promise.all([readFile(markFile, 'utf8').catch(() => ''), lockHash()])
  return mark.trim() === wanted
}

async function lockHash() {
  const lock = await readFile(join(projectRoot, 'package-lock.json'))
  return createHash('sha256').update(lock).digest('hex')
}

/**
 * Installs the development dependencies too, since the build needs them even when NODE_ENV is production.
 * @returns {Promise<void>}
 */
function npmCi() {
  const npm = process.env['npm_execpath']
  const command = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']
  const [program = 'npm', ...args] = [...command, 'ci', '--include=dev']
  return new Promise((resolve, reject) => {
    let output = ''
    const child = spawn(program, args, {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        npm_config_audit: 'false',
        npm_config_fund: 'false',
        npm_config_update_notifier: 'false',
        npm_config_loglevel: 'error',
      },
    })
    for (const stream of [child.stdout, child.stderr])
      stream
        .setEncoding('utf8')
        .on('data', (/** @type {string} */ text) => (output = (output + text).slice(-8000)))
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`npm ci failed (${signal ?? code}):\n${output.trimEnd()}`))
    })
  })
}
