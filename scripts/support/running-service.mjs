/**
 * The file in which `npm start` names the service that it runs, so that other commands find it: `<data>/running.json`.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** @typedef {{ url: string, pid: number }} Running */

/** @param {string} dataDir */
const fileIn = (dataDir) => join(dataDir, 'running.json')

/**
 * @param {string} dataDir
 * @param {Running} running `url` without a slash at its end; `pid` of `npm start`
 */
export async function noteRunning(dataDir, running) {
  const file = fileIn(dataDir)
  await writeFile(`${file}.new`, `${JSON.stringify(running)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** @param {string} dataDir */
export async function forgetRunning(dataDir) {
  await rm(fileIn(dataDir), { force: true })
}

/**
 * @param {string} dataDir
 * @returns {Promise<string | undefined>} the URL of the service; undefined if none runs on these data
 */
export async function findRunning(dataDir) {
  const text = await readFile(fileIn(dataDir), 'utf8').catch(() => '')
  if (text === '') return undefined
  const { url, pid } = /** @type {Running} */ (JSON.parse(text))
  return isAlive(pid) ? url : undefined
}

/**
 * A killed `npm start` leaves its file behind.
 *
 * @param {number} pid
 */
function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
