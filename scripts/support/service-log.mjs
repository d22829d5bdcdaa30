/**
 * The log file of `npm start`: the service's output goes there, so that the terminal shows the commands to try.
 */
import { open, rename, stat } from 'node:fs/promises'

/** A longer file is set aside at the next start. */
const mostBytes = 20_000_000
const tailBytes = 16_000

/**
 * Opens the file to append to it. One earlier file is kept, as `<file>.1`.
 *
 * @param {string} file
 */
export async function openLog(file) {
  const { size } = await stat(file).catch(() => ({ size: 0 }))
  if (size > mostBytes) await rename(file, `${file}.1`)
  return open(file, 'a', 0o600)
}

/**
 * @param {string} file
 * @param {number} count
 * @returns {Promise<string>} the last lines
 */
export async function lastLines(file, count) {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const start = Math.max(0, size - tailBytes)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start)
    return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-count).join('\n')
  } finally {
    await handle.close()
  }
}
