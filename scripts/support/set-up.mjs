/**
 * Prepares every command: checks the version of Node, installs the dependencies and builds.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requireNode } from './node-versions.mjs'
import { runNpm } from './npm.mjs'
import { socketFolderOf, withLock } from './socket-lock.mjs'

export { build } from '../build.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../../..')
const modules = join(projectRoot, 'node_modules')
const markFile = join(modules, '.flashline-lock')
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

async function isInstalled() {
  const [mark, wanted] = await Promise.all([readFile(markFile, 'utf8').catch(() => ''), lockHash()])
  return mark.trim() === wanted
}

async function lockHash() {
  const lock = await readFile(join(projectRoot, 'package-lock.json'))
  return createHash('sha256').update(lock).digest('hex')
}

/** Installs the development dependencies too, since the build needs them even when NODE_ENV is production. */
function npmCi() {
  return runNpm(['ci', '--include=dev'], { cwd: projectRoot })
}
