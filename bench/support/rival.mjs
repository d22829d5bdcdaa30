/** The packages of the contenders are installed in bench/ only: `npm ci --prefix bench`. */
import { createRequire } from 'node:module'

const require = createRequire(new URL('../package.json', import.meta.url))

/**
 * @param {string} name
 * @returns {any} its exports
 */
export function loadRival(name) {
  return require(name)
}

/** @param {string} name */
export function hasRival(name) {
  try {
    require.resolve(name)
    return true
  } catch {
    return false
  }
}
