/**
 * Finds the browsers that the selected tests need. Chromium must be there; the tests of another browser that is not
 * found are skipped.
 */
import { findAtSpiFirefox } from './at-spi.mjs'
import { findChromium } from './chromium.mjs'
import { findFirefox } from './firefox.mjs'
import { findWebKit } from './webkit.mjs'

/** By the end of the test file's name. */
const others = /** @type {const} */ ({
  Firefox: { tests: '-firefox.test.ts', variable: 'FIREFOX_PATH', find: findFirefox },
  'Firefox with AT-SPI': {
    tests: '-at-spi.test.ts',
    variable: 'AT_SPI_FIREFOX_PATH',
    find: findAtSpiFirefox,
  },
  WebKit: { tests: '-webkit.test.ts', variable: 'WEBKIT_DRIVER_PATH', find: findWebKit },
})

/**
 * @param {string[]} files as "test/e2e/a.test.ts"
 * @param {{ log?: (line: string) => void, cacheDir?: string }} [options] `cacheDir` of Firefox
 * @returns {Promise<{ env: Record<string, string>, missing: string[] }>} `env` tells the tests the paths of the
 *   browsers; `missing` has the names of those that are not found
 */
export async function findBrowsers(files, options = {}) {
  const { log = (/** @type {string} */ line) => process.stderr.write(`${line}\n`) } = options
  /** @type {Record<string, string>} */
  const env = {}
  /** @type {string[]} */
  const missing = []
  if (files.some((file) => file.startsWith('test/e2e/'))) env['CHROMIUM_PATH'] = await findChromium(options)
  for (const [name, { tests, variable, find }] of Object.entries(others)) {
    if (!files.some((file) => file.endsWith(tests))) continue
    const path = await find(options)
    if (path === undefined) missing.push(name)
    else env[variable] = path
  }
  // WebKit is there only where it is installed, but Firefox can be fetched on each machine of the CI.
  if (process.env['CI'] === 'true' && missing.includes('Firefox'))
    log('WARNING: this CI run has no Firefox, so no test of the ticker in Firefox runs')
  return { env, missing }
}
