/**
 * Finds a Firefox whose accessible tree tests can read over AT-SPI, as a screen reader of a Linux desktop does.
 */
import { access } from 'node:fs/promises'
import { findFirefox } from './firefox.mjs'
import { findOnPath } from './host.mjs'

/** By the Debian package that has the program. AT-SPI's own programs are started by the bus, which reads this file. */
const needed = { xvfb: 'Xvfb', 'dbus-daemon': 'dbus-daemon', systemd: 'busctl' }
const BUS_SERVICE = '/usr/share/dbus-1/services/org.a11y.Bus.service'

/**
 * @param {{ log?: (line: string) => void, cacheDir?: string }} [options] as those of `findFirefox`
 * @returns {Promise<string | undefined>} absolute path of the Firefox; undefined when it or a program is not installed
 */
export async function findAtSpiFirefox(options = {}) {
  const { log = (/** @type {string} */ line) => process.stderr.write(`${line}\n`) } = options
  /** @type {string[]} */
  const absent = []
  for (const [name, program] of Object.entries(needed))
    if ((await findOnPath([program])) === undefined) absent.push(name)
  const hasBus = await access(BUS_SERVICE).then(
    () => true,
    () => false,
  )
  if (!hasBus) absent.push('at-spi2-core')
  if (absent.length === 0) return findFirefox(options)
  log(`Firefox with AT-SPI is not found: not installed (Debian packages): ${absent.join(', ')}`)
  return undefined
}
