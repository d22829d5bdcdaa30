/**
 * The versions of Node that Flashline supports. A test compares other files that name versions with this list.
 */

/** The oldest supported version: from here on every Node can `require` ES modules, as some of our packages do. */
export const oldestNode = '20.19.0'

/** The newest release of each major version, for `npm test -- --node 24`. */
export const newestNodes = Object.freeze({ 20: '20.20.2', 22: '22.23.5', 24: '24.22.3' })

/**
 * @param {string} [version] default: the version of the running Node
 * @throws {Error} with `code: 'old-node'` if the version is too old
 */
export function requireNode(version = process.versions.node) {
  if (isOlder(version, oldestNode))
    throw Object.assign(
      new Error(`Flashline needs Node ${oldestNode} or newer; this is ${version} (nodejs.org)`),
      { code: 'old-node' },
    )
}

/**
 * @param {string} wanted a major version, or an exact one
 * @returns {string} an exact version
 * @throws {Error} if the text is neither, or the version is too old
 */
export function exactNode(wanted) {
  const text = wanted.replace(/^v/, '')
  const exact = Object.entries(newestNodes).find(([major]) => major === text)?.[1] ?? text
  if (!/^\d+\.\d+\.\d+$/.test(exact))
    throw new Error(
      `--node takes ${Object.keys(newestNodes).join(', ')}, or an exact version such as ${oldestNode}; not "${wanted}"`,
    )
  if (isOlder(exact, oldestNode)) throw new Error(`Flashline needs Node ${oldestNode} or newer, not ${exact}`)
  return exact
}

/**
 * @param {string} version
 * @param {string} other
 */
function isOlder(version, other) {
  const [own, its] = [version, other].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)))
  const place = its?.findIndex((part, index) => part !== own?.[index]) ?? -1
  return place >= 0 && Number(own?.[place]) < Number(its?.[place])
}
