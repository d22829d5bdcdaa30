/**
 * Finds or downloads a Chromium for the end-to-end tests.
 */
import { execFile } from 'node:child_process'
import { access, chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { constants } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
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
  const { binary, root, env } = await fetchDebianTool({
    // DejaVu is small (1 MB) and has Latin, Cyrillic and Arabic letters.
    packages: ['chromium', 'fonts-dejavu-core'],
    binary: 'usr/lib/chromium/chromium',
    // A headless browser does not need GTK themes, nor drivers for screens, sound and printers.
    without: ['libgtk-3-0', 'libgtk-3-0t64', 'libgl1-mesa-dri', 'libglx-mesa0', 'libpulse0-dev'],
    log,
  })
  const home = dirname(root)
  const launcher = join(home, 'chromium')
  if (await starts(launcher)) return launcher

  await mkdir(join(home, 'font-cache'), { recursive: true })
  await replaceFile(join(home, 'fonts.conf'), fontConfiguration(root, join(home, 'font-cache')))
  await replaceFile(
    launcher,
    [
      '#!/bin/sh',
      `export LD_LIBRARY_PATH=${quoted(env.LD_LIBRARY_PATH)}`,
      `export FONTCONFIG_FILE=${quoted(join(home, 'fonts.conf'))}`,
      `exec ${quoted(binary)} "$@"`,
      '',
    ].join('\n'),
  )
  await chmod(launcher, 0o755)
  const page = ['--headless', '--no-sandbox', '--disable-gpu', '--dump-dom', 'data:text/html,<p>ready']
  if (!(await starts(launcher, page))) throw new Error(`${launcher} cannot show a page`)
  return launcher
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

/**
 * @param {string} path
 * @param {string[]} args
 */
async function starts(path, args = ['--version']) {
  return run(path, args, { timeout: 30_000 }).then(
    () => true,
    () => false,
  )
}

/**
 * @param {string} root
 * @param {string} cache
 */
function fontConfiguration(root, cache) {
  const folders = [join(root, 'usr/share/fonts'), '/usr/share/fonts', '/usr/local/share/fonts']
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
    '<fontconfig>',
    ...folders.map((folder) => `  <dir>${escaped(folder)}</dir>`),
    `  <cachedir>${escaped(cache)}</cachedir>`,
    '</fontconfig>',
    '',
  ].join('\n')
}

/**
 * @param {string} path
 * @param {string} text
 */
async function replaceFile(path, text) {
  const draft = `${path}.${process.pid}`
  await writeFile(draft, text)
  await rename(draft, path)
}

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
