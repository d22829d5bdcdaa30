/**
 * `npm run test:mutation`: breaks the code in small ways, one at a time, and looks whether a test notices.
 *
 *   npm run test:mutation                            ten mutants of each file, beside those that do not compile
 *   npm run test:mutation -- src/desk --per-file 30  more of one folder (or file)
 *   npm run test:mutation -- --all                   every mutant; hours
 *   npm run test:mutation -- --seed 2                another sample
 *   npm run test:mutation -- --again                 only what survived the last run
 *
 * Survivors are printed and kept in .cache/mutation-survivors.json. An accepted survivor has an entry with its reason
 * in survivors.json. The run fails if the score of a folder is below 85, or if an entry is stale.
 */
import { rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { findRedisServer, startRedis } from '../../scripts/support/redis-server.mjs'
import { build, installDependencies } from '../../scripts/support/set-up.mjs'
import { readAccepted, withoutMutant } from './accepted.mjs'
import { openCompiler } from './compiler.mjs'
import { filesOf, mutantsOf } from './mutants.mjs'
import { copyProject } from './project-copy.mjs'
import { isAlive, isKilled, scoreOf } from './report.mjs'
import { targets } from './targets.mjs'
import { TestRunner } from './test-runner.mjs'
import { tryTarget } from './try-target.mjs'
import { readWish, wantedOf } from './wanted.mjs'

/** @typedef {import('./report.mjs').Tried} Tried */

const leastScore = 85
const root = resolve(fileURLToPath(import.meta.url), '../../..')
const survivorsFile = join(root, '.cache/mutation-survivors.json')
const reachFile = join(root, '.cache/mutation-reach.json')
const log = (/** @type {string} */ line) => console.log(line)

process.exitCode = (await main(readWish(process.argv.slice(2)))) ? 0 : 1

/**
 * @param {import('./wanted.mjs').Wish} wish
 * @returns {Promise<boolean>} whether all is well
 */
async function main(wish) {
  const accepted = readAccepted()
  const stale = staleEntries(accepted)
  const wanted = wantedOf(root, wish, survivorsFile)
  await installDependencies()
  await build()
  const server = await findRedisServer()
  const work = await copyProject(root)
  const redis = await startRedis({ dataDir: join(work, 'redis'), server, admin: true })
  const url = redis.urlFor('admin')
  const copy = join(work, 'project')
  const runner = new TestRunner(copy, {
    ...process.env,
    NODE_ENV: 'test',
    TEST_REDIS_URL: url,
    REDIS_SERVER_BINARY: server.binary,
    REDIS_SERVER_LIBRARY_PATH: server.env['LD_LIBRARY_PATH'] ?? '',
    MUTATION_SEED: wish.seed,
  })
  const commands = new Redis(url)
  try {
    const compiles = openCompiler(copy, commands)
    const emptyRedis = () => commands.flushall()
    const deps = { copy, runner, compiles, emptyRedis, accepted, reachFile, log }
    const scores = []
    /** @type {Tried[]} */
    const tried = []
    for (const one of wanted) {
      const begun = { ms: performance.now(), cpuMs: runner.cpuMs, own: process.cpuUsage() }
      const results = await tryTarget(deps, one, wish.perFile)
      const all = one.files.reduce((sum, file) => sum + file.all, 0)
      scores.push(scoreOf(one.target.folder, { all, tried: results, ...spentSince(begun, runner) }))
      log(JSON.stringify(scores.at(-1)))
      tried.push(...results)
    }
    await keepSurvivors(tried)
    stale.push(...killedEntries(tried))
    console.table(scores)
    log(`Seed ${wish.seed}, ${wish.perFile === Infinity ? 'all' : wish.perFile} mutants of each file`)
    for (const line of stale) log(`Stale in survivors.json: ${line}`)
    return stale.length === 0 && scores.every(({ score }) => score >= leastScore)
  } finally {
    commands.disconnect()
    await runner.stop()
    await redis.stop()
    await rm(work, { recursive: true, force: true })
  }
}

/** @param {import('./accepted.mjs').Accepted[]} accepted */
function staleEntries(accepted) {
  const files = new Set(targets.flatMap((target) => filesOf(root, target)))
  const named = [...files].filter((file) => accepted.some((entry) => entry.file === file))
  const mutants = named.flatMap((file) => mutantsOf(root, file))
  return withoutMutant(accepted, mutants).map(({ file, line }) => `${file} has no mutant of "${line}"`)
}

/**
 * An entry that speaks of several mutants may have some that are killed.
 *
 * @param {Tried[]} tried
 */
function killedEntries(tried) {
  const survive = tried.filter(({ accepted, outcome }) => accepted && isAlive(outcome))
  return tried
    .filter(({ accepted, outcome }) => accepted && isKilled(outcome))
    .filter(({ mutant }) => !survive.some((one) => one.mutant.line === mutant.line))
    .map(({ mutant }) => `${mutant.file}: "${mutant.line}" is killed by a test now`)
}

/** @param {Tried[]} tried */
async function keepSurvivors(tried) {
  const left = tried.filter(({ outcome, accepted }) => isAlive(outcome) && !accepted)
  const told = left.map(({ mutant: { text: _, ...mutant }, outcome }) => ({ ...mutant, outcome }))
  await writeFile(survivorsFile, `${JSON.stringify(told, null, 2)}\n`)
}

/**
 * @param {{ ms: number, cpuMs: number, own: NodeJS.CpuUsage }} begun
 * @param {TestRunner} runner
 */
function spentSince(begun, runner) {
  const { user, system } = process.cpuUsage(begun.own)
  return { ms: performance.now() - begun.ms, cpuMs: runner.cpuMs - begun.cpuMs + (user + system) / 1000 }
}
