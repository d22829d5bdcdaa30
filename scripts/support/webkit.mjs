/**
 * Finds the driver of Debian's WebKit for the end-to-end tests.
 */
import { access } from 'node:fs/promises'
import { constants } from 'node:fs'
import { findOnPath } from './host.mjs'

/**
 * Takes WEBKIT_DRIVER_PATH, else `WebKitWebDriver` on PATH. It is not downloaded: it looks for its parts in folders of
 * the system, which need root. Its browser needs a screen, which Xvfb gives.
 *
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<string | undefined>} absolute path of the driver; undefined when it or Xvfb is not installed
 * @throws {Error} when WEBKIT_DRIVER_PATH is no program
 */
export async function findWebKit({ log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  const configured = process.env['WEBKIT_DRIVER_PATH']
  if (configured)
    await access(configured, constants.X_OK).catch(() => {
      throw new Error(`WEBKIT_DRIVER_PATH is ${configured}, but this is not a program`)
    })
  const driver = configured || (await findOnPath(['WebKitWebDriver']))
  if (driver && (await findOnPath(['Xvfb']))) return driver
  log(
    'WebKit is not found: WebKitWebDriver and Xvfb (Debian: webkit2gtk-driver, xvfb) are not both installed',
  )
  return undefined
}
