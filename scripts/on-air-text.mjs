/**
 * `node scripts/on-air-text.mjs --server https://news.example --feed en --folder /run/ticker`: keeps the strip of a feed in
 * text files for mixers and encoders, one for each dialect: `en.plain.txt`, `en.ffmpeg.txt`, `en.gstreamer.txt`. Each file is
 * replaced by a rename, so no program reads half of one. Options: --separator ' • ', --max-age-minutes 15; the key of the
 * output in FLASHLINE_OUTPUT_KEY. Run it where the files are read, after `npm run build`.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { rowOf, textDialects } from './support/text-dialects.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
/** A strip grows old without an event. */
const lookMs = 1_000

const { values: options } = parseArgs({
  options: {
    server: { type: 'string' },
    feed: { type: 'string' },
    folder: { type: 'string' },
    separator: { type: 'string', default: ' • ' },
    'max-age-minutes': { type: 'string', default: '15' },
  },
})
const { server, feed, folder } = options
if (server === undefined || feed === undefined || folder === undefined) {
  console.error('needed: --server ADDRESS --feed ID --folder FOLDER')
  process.exit(2)
}

const client = pathToFileURL(join(projectRoot, 'dist/web/sdk/index.js')).href
/** @type {typeof import('../web/sdk/index.ts')} */
const { createClient } = await import(client)
const key = process.env.FLASHLINE_OUTPUT_KEY
const connection = createClient({
  // Server-sent events take the key in a header, so that it is in no address.
  WebSocket: undefined,
  fetch: (url, init) => {
    const headers = { ...init.headers, ...(key !== undefined && { Authorization: `Bearer ${key}` }) }
    return fetch(url, { ...init, headers })
  },
})({ url: server, feed })
const maxAgeMs = 60_000 * Number(options['max-age-minutes'])
let written = ''
/** One write after the other. @type {Promise<void>} */
let writing = Promise.resolve()

await mkdir(folder, { recursive: true })
connection.on('strip', show)
connection.on('status', show)
setInterval(show, lookMs)
show()

function show() {
  const { status, strip = [] } = connection
  const age = status.staleSince === undefined ? 0 : Date.now() - status.staleSince
  const mayShow = age <= maxAgeMs && !(status.state === 'refused' && status.code !== 'server-full')
  const row = mayShow ? rowOf(strip, options.separator) : ''
  writing = writing.then(() => write(row)).catch((/** @type {Error} */ error) => console.error(error.message))
}

/** @param {string} row */
async function write(row) {
  if (row === written) return
  for (const [dialect, escape] of Object.entries(textDialects)) {
    const path = join(String(folder), `${feed}.${dialect}.txt`)
    await writeFile(`${path}.new`, escape(row))
    await rename(`${path}.new`, path)
  }
  written = row
}
