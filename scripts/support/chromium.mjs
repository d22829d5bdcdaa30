/**
 * Finds or downloads a Chromium for the end-to-end tests.
 */
import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { constants } from 'node:fs'
import { promisify } from 'node:util'
import { launcherOf, starts } from './browser-launcher.mjs'
import { fetchDebianTool, isDebianLike } from './debian-package.mjs'
import { commandFor, findOnPath } from './host.mjs'

const run = promisify(execFile)
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const installLimitMs = 15 * 60_000

/**
 * Takes CHROMIUM_PATH, else a browser on PATH, else Chromium from this system's Debian packages: unpacked into the
 * project's cache or, if that browser does not start, installed when this user is root.
 *
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<string>} absolute path of a program that starts Chromium
 */
export async function findChromium({ log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  const configured = process.env['CHROMIUM_PATH']
  if (configured) {
    await access(configured, constants.X_OK).catch(() => {
      throw new Error(`CHROMIUM_PATH is ${configured}, but this is not a program`)
    })
    return configured
  }
  const onPath = await findOnPath(names)
  if (onPath) return onPath

  const reason = await fetchChromium(log).catch((/** @type {Error} */ error) => error)
  if (typeof reason === 'string') return reason
  if (process.getuid?.() === 0 && (await isDebianLike())) {
    const installed = await installChromium(log).catch(() => undefined)
    if (installed) return installed
  }
  throw new Error(
    `The end-to-end tests need Chromium (${reason.message}). Install it with: ${await commandFor({
      brew: 'brew install --cask chromium',
      apt: 'sudo apt-get install -y chromium',
      dnf: 'sudo dnf install -y chromium',
      apk: 'sudo apk add chromium',
      pacman: 'sudo pacman -S chromium',
      zypper: 'sudo zypper install chromium',
      other: 'CHROMIUM_PATH=/path/to/chromium npm test',
    })}`,
  )
}

/** @param {(line: string) => void} log */
async function fetchChromium(log) {
  const tool = await fetchDebianTool({
    // DejaVu is small (1 MB) and has Latin, Cyrillic and Arabic letters.
    packages: ['chromium', 'fonts-dejavu-core'],
    binary: 'usr/lib/chromium/chromium',
    // A headless browser does not need GTK themes, nor drivers for screens, sound and printers.
    without: ['libgtk-3-0', 'libgtk-3-0t64', 'libgl1-mesa-dri', 'libglx-mesa0', 'libpulse0-dev'],
    log,
  })
  const page = ['--headless', '--no-sandbox', '--disable-gpu', '--dump-dom', 'data:text/html,<p>ready']
  return launcherOf(tool, 'chromium', (path) => starts(path, page))
}

/** @param {(line: string) => void} log */
async function installChromium(log) {
  log('Installing Chromium with apt-get')
  const environment = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  const options = { ...environment, timeout: installLimitMs, maxBuffer: 1 << 26 }
  await run('apt-get', ['update'], options).catch(() => undefined)
  await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], options)
  return findOnPath(names)
}
