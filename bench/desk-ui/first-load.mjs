/** The first visit of a shift: an empty cache, a session that is open already. */
import { get } from 'node:http'
import { load, openDesk } from './desk-tab.mjs'

/**
 * @param {import('playwright-core').Browser} browser
 * @param {import('./newsroom.mjs').Newsroom} newsroom
 * @param {number} rounds
 */
export async function measureFirstLoad(browser, newsroom, rounds) {
  const ms = []
  /** @type {string[]} */
  let files = []
  // The first round fills the caches of the service and of the browser's own code.
  for (let round = -1; round < rounds; round++) {
    const { context, tab } = await openDesk(browser, newsroom, `load${round + 1}@example.org`)
    await load(tab, newsroom.url)
    if (round >= 0) ms.push(/** @type {number} */ (await tab.evaluate('bench.readyMs')))
    files = await tab.evaluate(
      `[location.href.split('#')[0], ...performance.getEntriesByType('resource')
        .filter(({ name, startTime }) => startTime < bench.readyMs && !new URL(name).pathname.startsWith('/v1/'))
        .map(({ name }) => name)]`,
    )
    await context.close()
  }
  const sizes = await Promise.all([...new Set(files)].map(gzipBytes))
  return { ms, files: sizes.length, kB: sizes.reduce((sum, size) => sum + size, 0) / 1_000 }
}

/**
 * @param {string} url
 * @returns {Promise<number>} bytes of the body as it comes
 */
function gzipBytes(url) {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      let bytes = 0
      answer.on('data', (part) => (bytes += part.length))
      answer.on('end', () => resolve(bytes))
    }).on('error', reject)
  })
}
