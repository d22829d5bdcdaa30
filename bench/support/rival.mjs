/** The packages of the contenders are installed in bench/ only: `npm ci --prefix bench`. */
import { createRequire } from 'node:module'

const require = createRequire(new URL('../package.json', import.meta.url))

/**
 * The binary of this system and Node, without the package that chooses one: that names more systems than a registry may
 * have, and then `npm ci` refuses its lock file.
 */
export const uwsPackage = `@uwsjs/${process.platform}-${process.arch}-${Number.parseInt(process.versions.node, 10)}`

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
