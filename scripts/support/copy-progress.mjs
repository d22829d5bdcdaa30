/**
 * Copies of large files: space on the disk, a line about the progress every few seconds, and files that are on the disk
 * when the copy has ended.
 */
import { open, realpath, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Refusal } from './service-redis.mjs'

const chunkBytes = 1 << 20
const reportMs = 5000
/** Space that stays free, for what the service itself writes meanwhile. */
const spareBytes = 32 << 20

/** @param {number} bytes */
export const inMegabytes = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`

/**
 * @param {string} folder where the copy will be; it may be missing
 * @param {number} bytes
 * @throws {Refusal} the disk has less space
 */
export async function requireSpace(folder, bytes) {
  const { bavail, bsize } = await statfs(await existingPart(folder))
  const free = bavail * bsize - spareBytes
  if (free < bytes)
    throw new Refusal(
      `The disk of ${folder} is too full: the copy needs ${inMegabytes(bytes)}, and ${inMegabytes(Math.max(0, free))} are free`,
    )
}

/**
 * @param {string} path
 * @returns {Promise<string>} the path without symbolic links, or the nearest folder above it that exists
 */
export async function existingPart(path) {
  const real = await realpath(path).catch(() => undefined)
  return real ?? existingPart(dirname(path))
}

/**
 * @param {number} total in bytes
 * @param {(line: string) => void} log
 */
export function progressOf(total, log) {
  let done = 0
  let reported = Date.now()
  return (/** @type {number} */ bytes) => {
    done += bytes
    if (Date.now() - reported < reportMs) return
    reported = Date.now()
    log(`Copied ${inMegabytes(done)} of ${inMegabytes(Math.max(done, total))}`)
  }
}

/**
 * @param {object} copy
 * @param {import('node:fs/promises').FileHandle} copy.from
 * @param {string} copy.to a new file, with mode 600
 * @param {number} copy.size bytes that are copied; fewer if the file is shorter
 * @param {(chunk: Buffer) => void} copy.onChunk
 * @param {() => number} [copy.endAt] where the copy is cut off after all
 */
export async function copyBytes({ from, to, size, onChunk, endAt }) {
  const file = await open(to, 'wx', 0o600)
  try {
    const buffer = Buffer.alloc(Math.min(chunkBytes, Math.max(1, size)))
    for (let at = 0; at < size;) {
      const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, size - at), at)
      if (bytesRead === 0) break
      const chunk = buffer.subarray(0, bytesRead)
      await file.writeFile(chunk)
      onChunk(chunk)
      at += bytesRead
    }
    if (endAt) await file.truncate(endAt())
    await file.sync()
  } finally {
    await file.close()
  }
}
