/** The packages of the contenders are installed in bench/ only: `npm ci --prefix bench`. */
import { createRequire } from 'node:module'

const require = createRequire(new URL('../package.json', import.meta.url))

/**
 * The binary of this system and Node, without the package that chooses one: that names more systems than a registry may
 * have, and then `npm ci` refuses its lock file. npm installs only the one that suits its own Node.
 *
 * @param {string} [version] of Node
 */
export function uwsPackage(version = process.versions.node) {
  return `@uwsjs/${process.platform}-${process.arch}-${Number.parseInt(version, 10)}`
}

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

/** @returns {string | undefined} its path, where it is installed and this system can run it */
export function nodeOfTheImage() {
  const name = `node-${process.platform}-${process.arch}`
  return hasRival(`${name}/package.json`) ? require.resolve(`${name}/bin/node`) : undefined
}
