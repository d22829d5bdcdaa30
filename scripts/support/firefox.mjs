/**
 * Finds or downloads a Firefox for the end-to-end tests.
 */
import { execFile } from 'node:child_process'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { constants } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { launcherOf, starts } from './browser-launcher.mjs'
import { debianCacheDir, fetchDebianTool } from './debian-package.mjs'
import { findOnPath } from './host.mjs'

/** The first long-term release that tests can steer over WebDriver BiDi. */
const oldestVersion = 128

/**
 * Takes FIREFOX_PATH, else a new enough browser on PATH, else Firefox ESR from this system's Debian packages, unpacked
 * into the project's cache.
 *
 * @param {{ log?: (line: string) => void, cacheDir?: string }} [options]
 * @returns {Promise<string | undefined>} absolute path of a program that starts Firefox; undefined when there is none
 * @throws {Error} when FIREFOX_PATH is no program
 */
export async function findFirefox({
  log = (line) => process.stderr.write(`${line}\n`),
  cacheDir = debianCacheDir,
} = {}) {
  const configured = process.env['FIREFOX_PATH']
  if (configured) {
    await access(configured, constants.X_OK).catch(() => {
      throw new Error(`FIREFOX_PATH is ${configured}, but this is not a program`)
    })
    return configured
  }
  for (const name of ['firefox-esr', 'firefox']) {
    const onPath = await findOnPath([name])
    if (onPath && (await isNewEnough(onPath)) && (await showsPage(onPath))) return onPath
  }
  try {
    const tool = await fetchDebianTool({
      packages: ['firefox-esr', 'fonts-dejavu-core'],
      binary: 'usr/lib/firefox-esr/firefox-esr',
      cacheDir,
      log,
    })
    const launcher = await launcherOf(tool, 'firefox', showsPage)
    if (await isNewEnough(launcher)) return launcher
    log(`Firefox is not found: ${launcher} is older than version ${oldestVersion}`)
  } catch (error) {
    log(`Firefox is not found: ${error instanceof Error ? error.message : String(error)}`)
  }
  return undefined
}

/** @param {string} path */
async function isNewEnough(path) {
  const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 30_000 }).catch(() => ({
    stdout: '',
  }))
  return Number(/Firefox (\d+)/.exec(stdout)?.[1]) >= oldestVersion
}

/**
 * A confined Firefox (snap) cannot use a profile in the temporary folder, where the tests have theirs.
 * @param {string} path
 */
async function showsPage(path) {
  const profile = await mkdtemp(join(tmpdir(), 'flashline-firefox-'))
  try {
    const picture = join(profile, 'page.png')
    const page = ['--screenshot', picture, 'data:text/html,<p>ready']
    await starts(path, ['--headless', '--no-remote', '--profile', profile, ...page])
    return await access(picture).then(
      () => true,
      () => false,
    )
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
