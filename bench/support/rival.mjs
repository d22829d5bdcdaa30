/** Finds the packages of the contenders, which are installed only in bench/: `npm ci --prefix bench`. */
import { createRequire } from 'node:module'

const require = createRequire(new URL('../package.json', import.meta.url))

/**
 * The package with the uWebSockets.js binary for this system and Node. The package that selects the binary names
 * systems that a registry may not have, and then `npm ci` refuses the lock file. npm installs only the binary for its
 * own Node.
 *
 * @param {string} [version] of Node
 */
export function uwsPackage(version = process.versions.node) {
  return `@uwsjs/${process.platform}-${process.arch}-${Number.parseInt(version, 10)}`
}

/**
 * @param {string} name
 * @returns {any} the exports of the package
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

/** @returns {string | undefined} path of the program; undefined when it is not installed or does not run on this system */
export function nodeOfTheImage() {
  const name = `node-${process.platform}-${process.arch}`
  return hasRival(`${name}/package.json`) ? require.resolve(`${name}/bin/node`) : undefined
}
