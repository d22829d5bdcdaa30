/**
 * `npm test`: installs and builds what is missing, runs the tests with a separate Redis, and prints a last line
 * "N passed, N failed"; the line before names browsers and databases that are not found. Up to six files with failed tests run once
 * more, alone, and are named: a busy computer can make a browser or a killed process late. Arguments are passed to jest:
 * `npm test -- test/unit`. `--node 24`, or an exact version, fetches that Node and uses it for the build and the tests.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { delimiter, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitOf, spawnTied } from './support/child-process.mjs'
import { findBrowsers } from './support/find-browsers.mjs'
import { fetchNode } from './support/other-node.mjs'
import { findRedisServer, startRedis } from './support/redis-server.mjs'
import { build, installDependencies } from './support/set-up.mjs'
import { startTestPostgres } from './support/test-postgres.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const cache = join(projectRoot, '.cache')
const dayMs = 86_400_000

/** More failed files than these are no accident. */
const mostRunAgain = 6

/** @typedef {{ path: string, passed: number, failed: number }} FailedFile */
/** @typedef {{ code: number, passed: number, failed: number, failedFiles: FailedFile[] }} Outcome */

try {
  const { node, args } = readArguments(process.argv.slice(2))
  process.exitCode = await (node === undefined ? test(args) : testWith(node, args))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
}

/**
 * @param {string[]} given
 * @returns {{ node: string | undefined, args: string[] }} the version of Node to use, and the arguments for jest
 */
function readArguments(given) {
  const args = given.filter((arg) => arg !== '--')
  const place = args.findIndex((arg) => /^--node(=|$)/.test(arg))
  if (place < 0) return { node: undefined, args }
  const [option = '', next = ''] = args.slice(place)
  const joined = option.includes('=')
  args.splice(place, joined ? 1 : 2)
  return { node: joined ? option.slice(option.indexOf('=') + 1) : next, args }
}

/**
 * Runs this script again in another Node, which is first on the path too, for child processes that look there.
 *
 * @param {string} wanted
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function testWith(wanted, args) {
  const { binary, version } = await fetchNode(wanted)
  console.error(`Testing with Node ${version}`)
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGHUP'])) process.on(signal, () => undefined)
  const child = await spawnTied(binary, [fileURLToPath(import.meta.url), ...args], {
    stdio: 'inherit',
    detached: false,
    env: { ...process.env, PATH: [dirname(binary), process.env['PATH']].join(delimiter) },
  })
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const { code } = await exitOf(child)
  return code ?? 1
}

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function test(args) {
  await installDependencies()
  await build()
  const files = await selectedFiles(args)
  const server = await findRedisServer()
  const browsers = await findBrowsers(files)

  await mkdir(cache, { recursive: true })
  await removeOldRuns()
  const work = await mkdtemp(join(cache, 'test-'))
  const configured = process.env['TEST_REDIS_URL']
  // Ctrl-C reaches jest too. Jest ends, and then the code below stops Redis and removes the files.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)
  const redis = configured
    ? undefined
    : await startRedis({ dataDir: join(work, 'redis'), server, admin: true })
  /** @type {Awaited<ReturnType<typeof startTestPostgres>> | undefined} */
  let postgres
  try {
    postgres = await startTestPostgres(files)
    return await runAll(
      { args, files, work, missing: [...browsers.missing, ...postgres.missing] },
      {
        ...process.env,
        NODE_ENV: 'test',
        TEST_REDIS_URL: configured ?? redis?.urlFor('admin'),
        REDIS_SERVER_BINARY: server.binary,
        REDIS_SERVER_LIBRARY_PATH: server.env['LD_LIBRARY_PATH'] ?? '',
        ...browsers.env,
        ...postgres.env,
      },
    )
  } finally {
    await postgres?.stop()
    await redis?.stop()
    await rm(work, { recursive: true, force: true })
  }
}

/** Removes the files of test runs that were killed. */
async function removeOldRuns() {
  for (const name of await readdir(cache)) {
    const { mtimeMs } = await stat(join(cache, name)).catch(() => ({ mtimeMs: Date.now() }))
    if (name.startsWith('test-') && Date.now() - mtimeMs > dayMs)
      await rm(join(cache, name), { recursive: true, force: true })
  }
}

/**
 * Fault tests kill servers and load the computer, so they run alone, after all other tests.
 *
 * @param {{ args: string[], files: string[], work: string, missing: string[] }} run
 * @param {NodeJS.ProcessEnv} env
 */
async function runAll({ args, files, work, missing }, env) {
  const isFault = (/** @type {string} */ file) => file.startsWith('test/fault/')
  /** @type {Outcome[]} */
  const outcomes = []
  if (files.some((file) => !isFault(file)))
    outcomes.push(
      await jest([...args, '--passWithNoTests', '--testPathIgnorePatterns=/test/fault/'], work, env),
    )
  if (files.some(isFault))
    outcomes.push(
      await jest(
        [...args, '--passWithNoTests', '--runInBand', '--testMatch=**/test/fault/**/*.test.ts'],
        work,
        env,
      ),
    )

  const failedFiles = outcomes.flatMap((outcome) => outcome.failedFiles)
  if (failedFiles.length > 0 && failedFiles.length <= mostRunAgain) {
    const again = await runAgain(failedFiles, args, work, env)
    if (again.code === 0) {
      const names = failedFiles.map(({ path }) => relative(projectRoot, path)).join(', ')
      console.log(`Failed at first, passed when they ran again alone: ${names}`)
      for (const outcome of outcomes) outcome.code = 0
    }
    outcomes.push(again)
  }

  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0)
  const isSkipped = passed + failed === 0 && missing.length > 0
  if (passed + failed === 0 && !isSkipped) console.error('No test matches the arguments')
  if (missing.length > 0)
    console.log(`${missing.length} program${missing.length > 1 ? 's' : ''} not found: ${missing.join(', ')}`)
  console.log(`${passed} passed, ${failed} failed`)
  return outcomes.find((outcome) => outcome.code !== 0)?.code ?? (passed > 0 || isSkipped ? 0 : 1)
}

/**
 * Runs files with failed tests once more.
 *
 * @param {FailedFile[]} failedFiles
 * @param {string[]} args
 * @param {string} work
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome>} with the counts of these files, less those of their first run
 */
async function runAgain(failedFiles, args, work, env) {
  const options = args.filter((arg, at) => arg.startsWith('-') || args[at - 1]?.startsWith('-'))
  const paths = failedFiles.map(({ path }) => path)
  const again = await jest([...options, '--runInBand', '--runTestsByPath', ...paths], work, env)
  for (const first of failedFiles) {
    again.passed -= first.passed
    again.failed -= first.failed
  }
  return again
}

/**
 * @param {string[]} args
 * @param {string} work
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome>}
 */
async function jest(args, work, env) {
  const summary = join(work, 'summary.json')
  await rm(summary, { force: true })
  const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
  // A failed test may leave a socket or timer open, and jest would wait for it for ever.
  const jestArgs = ['node_modules/jest/bin/jest.js', '--forceExit', ...args]
  const child = await spawnTied(process.execPath, [...options, ...jestArgs], {
    cwd: projectRoot,
    stdio: 'inherit',
    // In the same process group, jest gets Ctrl-C too, and prints the results so far.
    detached: false,
    env: { ...env, TEST_SUMMARY_FILE: summary },
  })
  const forward = () => child.kill('SIGTERM')
  process.on('SIGTERM', forward)
  const { code } = await exitOf(child)
  process.off('SIGTERM', forward)

  const text = await readFile(summary, 'utf8').catch(() => undefined)
  // Without a summary jest itself has crashed, which counts as a failure whatever its exit code.
  if (text === undefined) return { code: code || 1, passed: 0, failed: 1, failedFiles: [] }
  return { code: code ?? 1, .../** @type {Omit<Outcome, 'code'>} */ (JSON.parse(text)) }
}

/**
 * The test files that the arguments select. Arguments that match no file, such as `-t name`, are only for jest.
 *
 * @param {string[]} args
 * @returns {Promise<string[]>} as "test/unit/a.test.ts"
 */
async function selectedFiles(args) {
  const entries = await readdir(join(projectRoot, 'test'), { recursive: true }).catch(() => [])
  const files = entries.filter((file) => file.endsWith('.test.ts')).map((file) => `test/${file}`)
  const chosen = files.filter((file) => args.some((arg) => matches(file, arg)))
  return chosen.length > 0 ? chosen : files
}

/**
 * @param {string} file
 * @param {string} pattern
 */
function matches(file, pattern) {
  if (pattern.startsWith('-')) return false
  try {
    return new RegExp(pattern.replace(/^\.\//, '')).test(join(projectRoot, file))
  } catch {
    return false
  }
}
