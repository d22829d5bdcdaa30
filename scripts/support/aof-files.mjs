/**
 * The append-only files of a Redis, pinned for a copy. A rewrite replaces and deletes them while the copy runs, but an
 * open file keeps its content: Redis needs no other setting for the time of a copy, and nothing to set back after it.
 */
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Rewrites that may end while the files are opened. */
const mostAttempts = 20
export const aofManifest = 'appendonly.aof.manifest'

/**
 * @typedef {object} PinnedFile
 * @property {string} name
 * @property {import('node:fs/promises').FileHandle} handle
 * @property {number} size at the time of pinning; a copy ends there
 *
 * @typedef {object} PinnedAof
 * @property {string} manifest names the files, in the order in which Redis reads them
 * @property {PinnedFile[]} files only the last one may still grow
 * @property {() => Promise<void>} close
 */

/**
 * Opens the files of this moment. Everything that Redis has answered before is in them.
 *
 * @param {string} folder `appendonlydir`
 * @returns {Promise<PinnedAof>}
 * @throws {Error} with the code ENOENT when the folder has no append-only file
 */
export async function pinAof(folder) {
  for (let attempt = 1; ; attempt += 1) {
    const lines = filesIn(await readFile(join(folder, aofManifest), 'utf8'))
    /** @type {PinnedFile[]} */
    const files = []
    const close = async () => void (await Promise.all(files.map(({ handle }) => handle.close())))
    try {
      for (const { name } of lines) {
        const handle = await open(join(folder, name), 'r')
        files.push({ name, handle, size: 0 })
      }
      for (const file of files) file.size = (await file.handle.stat()).size
      return { manifest: lines.map(({ line }) => `${line}\n`).join(''), files, close }
    } catch (error) {
      await close()
      // A rewrite has ended since the manifest was read, and Redis has deleted the old files.
      const isReplaced = /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT'
      if (!isReplaced || attempt === mostAttempts) throw error
    }
  }
}

/**
 * Files of type "h" are history, which Redis deletes.
 *
 * @param {string} manifest
 * @returns {{ line: string, name: string }[]}
 */
export function filesIn(manifest) {
  return manifest.split('\n').flatMap((line) => {
    const [, name = '', type = ''] = /^file (\S+) .*\btype ([bih])\b/.exec(line) ?? []
    return type === 'b' || type === 'i' ? [{ line, name }] : []
  })
}
