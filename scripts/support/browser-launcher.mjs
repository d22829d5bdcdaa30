/**
 * Writes a program that starts a browser unpacked from Debian packages, with its libraries and fonts.
 */
import { execFile } from 'node:child_process'
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * @param {import('./debian-package.mjs').DebianTool} tool
 * @param {string} name of the program, beside the unpacked packages
 * @param {(path: string) => Promise<boolean>} showsPage called once for a new program
 * @returns {Promise<string>} the program's path
 */
export async function launcherOf({ binary, root, env }, name, showsPage) {
  const home = dirname(root)
  const launcher = join(home, name)
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
  if (await showsPage(launcher)) return launcher
  // The next call would take it without asking for a page.
  await rm(launcher)
  throw new Error(`${launcher} cannot show a page`)
}

/**
 * @param {string} path
 * @param {string[]} args
 * @returns {Promise<boolean>}
 */
export async function starts(path, args = ['--version']) {
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
