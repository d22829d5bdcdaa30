/**
 * `npm run release -- <version> [--date 2026-11-29]`: writes the version and the changelog, checks the image and the
 * client's package that result, commits, and prints the remaining manual steps. Nothing is published.
 */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { checkImage } from './support/check-image.mjs'
import { packClient } from './support/pack-client.mjs'
import { checkVersion, releasedChangelog, withVersion } from './support/release-text.mjs'
import { build, installDependencies } from './support/set-up.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const manifests = ['package.json', 'package-lock.json', 'web/sdk/package.json']
const log = (/** @type {string} */ line) => console.log(line)

try {
  await release(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** @param {string[]} args */
async function release(args) {
  const today = new Date().toISOString().slice(0, 10)
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { date: { type: 'string', default: today } },
  })
  const [version = ''] = positionals
  const changed = await changedFiles(version, values.date)
  await requireCleanTree()
  await installDependencies()
  try {
    for (const [path, text] of changed) await writeFile(join(projectRoot, path), text)
    const tarball = await checkRelease(version)
    await git('commit', '--quiet', '-m', `release: ${version}`, '--', ...changed.keys())
    log(remainingSteps(version, relative(projectRoot, tarball)))
  } catch (error) {
    await git('checkout', '--quiet', 'HEAD', '--', ...changed.keys())
    throw error
  }
}

/**
 * @param {string} version
 * @param {string} date
 * @returns {Promise<Map<string, string>>} the new text of each file, by path
 */
async function changedFiles(version, date) {
  const read = (/** @type {string} */ path) => readFile(join(projectRoot, path), 'utf8')
  checkVersion(JSON.parse(await read('package.json')).version, version)
  const changed = new Map([['CHANGELOG.md', releasedChangelog(await read('CHANGELOG.md'), version, date)]])
  for (const path of manifests) changed.set(path, withVersion(await read(path), version))
  return changed
}

async function requireCleanTree() {
  const changes = await git('status', '--porcelain')
  if (changes) throw new Error(`Commit or remove these changes first:\n${changes}`)
}

/**
 * @param {string} version
 * @returns {Promise<string>} the path of the client's package
 */
async function checkRelease(version) {
  await build()
  const tarball = await packClient(version)
  log(`The client's package is in order: ${relative(projectRoot, tarball)}`)
  // A commit outside every branch: the image is built from the files that the release will commit.
  const tree = await git('stash', 'create')
  await checkImage(tree, log)
  return tarball
}

/**
 * @param {string} version
 * @param {string} tarball
 */
function remainingSteps(version, tarball) {
  return `
${version} is committed. Remaining steps:

  git tag -a v${version} -m 'Flashline ${version}'
  git push --follow-tags
  npm publish --access public ${tarball}
  docker build -t <registry>/flashline:${version} .
  docker push <registry>/flashline:${version}`
}

/** @param {string[]} args */
async function git(...args) {
  const { stdout } = await promisify(execFile)('git', args, { cwd: projectRoot })
  return stdout.trim()
}
