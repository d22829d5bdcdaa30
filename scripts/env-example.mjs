/**
 * Writes `.env.example` from the settings of the built service: `npm run build && node scripts/env-example.mjs`.
 */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const maxColumns = 100

/**
 * @typedef {object} Setting a zod schema
 * @property {string} [description]
 * @property {(value: undefined) => { success: boolean, data?: unknown }} safeParse
 */

/**
 * The text of `.env.example`: each setting with its description and its default.
 *
 * @param {Readonly<Record<string, Setting>>} settings
 * @returns {string}
 */
export function envExample(settings) {
  const entries = Object.entries(settings).map(([name, setting]) => {
    const about = wrapped(setting.description ?? '').map((line) => `# ${line}`)
    return [...about, `${name}=${defaultOf(setting)}`].join('\n')
  })
  const head = [
    '# Every setting of Flashline with its default. An empty value counts as not set.',
    '# Node reads a copy of this file: node --env-file=.env dist/src/main.js',
  ]
  return `${[head.join('\n'), ...entries].join('\n\n')}\n`
}

/** @param {Setting} setting */
function defaultOf(setting) {
  const { success, data } = setting.safeParse(undefined)
  return success && data !== undefined ? String(data) : ''
}

/** @param {string} text */
function wrapped(text) {
  /** @type {string[]} */
  const lines = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= maxColumns)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { settings } = /** @type {{ settings: Record<string, Setting> }} */ (
    await import(new URL('../dist/src/platform/config.js', import.meta.url).href)
  )
  await writeFile(resolve(projectRoot, '.env.example'), envExample(settings))
}
