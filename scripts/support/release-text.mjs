/**
 * The changes of a release to files, as pure functions from text to text.
 */

const empty = '## [Unreleased]\n'

/**
 * @param {string} current as package.json says
 * @param {string} next
 * @throws {Error} if the text is no version, or not the next one
 */
export function checkVersion(current, next) {
  const [own, its] = [partsOf(current), partsOf(next)]
  if (!its || !own) throw new Error(`A version has three numbers, as in 1.2.3; not "${next}"`)
  const place = its.findIndex((part, index) => part !== own[index])
  if (place < 0 || Number(its[place]) < Number(own[place]))
    throw new Error(`The version is ${current} already: ${next} does not come after it`)
  const expected = its.map((part, index) =>
    index > place ? 0 : index === place ? Number(own[place]) + 1 : part,
  )
  if (expected.join('.') !== next)
    throw new Error(`After ${current} comes ${expected.join('.')}, not ${next}: no version is left out`)
}

/** @param {string} version */
function partsOf(version) {
  const numbers = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(version)
  return numbers?.slice(1).map(Number)
}

/**
 * @param {string} json a package.json, or a package-lock.json, which says its version twice
 * @param {string} version
 */
export function withVersion(json, version) {
  const manifest = JSON.parse(json)
  manifest.version = version
  if (manifest.packages?.['']?.version !== undefined) manifest.packages[''].version = version
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}

/**
 * Moves the content of "Unreleased" to a section of the version, and puts an empty "Unreleased" above it.
 *
 * @param {string} changelog
 * @param {string} version
 * @param {string} date as 2026-11-29
 * @throws {Error} if "Unreleased" is empty, or the version has a section already
 */
export function releasedChangelog(changelog, version, date) {
  if (!isDay(date)) throw new Error(`A date is written as 2026-11-29; not "${date}"`)
  const start = changelog.indexOf(empty)
  if (start < 0) throw new Error('CHANGELOG.md has no section "## [Unreleased]"')
  if (changelog.includes(`## [${version}]`))
    throw new Error(`CHANGELOG.md has a section for ${version} already`)
  const after = changelog.slice(start + empty.length)
  const next = after.search(/^## /m)
  const changes = next < 0 ? after : after.slice(0, next)
  if (!/^- /m.test(changes)) throw new Error('CHANGELOG.md has nothing under "Unreleased"')
  return `${changelog.slice(0, start)}${empty}\n## [${version}] - ${date}\n${after}`
}

/** @param {string} text */
function isDay(text) {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(NaN)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}
