/**
 * `npm run test:mutation`: breaks the code in small ways, one at a time, and looks whether a test notices.
 *
 *   npm run test:mutation                            ten mutants of each file, beside those that do not compile
 *   npm run test:mutation -- src/desk --per-file 30  more of one folder (or file)
 *   npm run test:mutation -- --all                   every mutant; hours
 *   npm run test:mutation -- --seed 2                another sample
 *   npm run test:mutation -- --again                 only what survived the last run
 *
 * What survives is printed and kept in .cache/mutation-survivors.json. A survivor that is accepted has its reason in
 * survivors.json. The run fails where a folder has a score below 85, or an entry there is stale.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { findRedisServer, startRedis } from '../../scripts/support/redis-server.mjs'
import { build, installDependencies } from '../../scripts/support/set-up.mjs'
import { acceptedAs, readAccepted, withoutMutant } from './accepted.mjs'
import { openCompiler } from './compiler.mjs'
import { filesOf, mutantsOf, shuffled } from './mutants.mjs'
import { copyProject } from './project-copy.mjs'
import { findReach, selector } from './reach.mjs'
import { isAlive, isKilled, lineOf, scoreOf } from './report.mjs'
import { callerOf, targets } from './targets.mjs'
import { TestRunner } from './test-runner.mjs'
import { tryMutant } from './try-mutant.mjs'

/** @typedef {import('./mutants.mjs').Mutant} Mutant */
/** @typedef {import('./report.mjs').Tried} Tried */

const leastScore = 85
const root = resolve(fileURLToPath(import.meta.url), '../../..')
const survivorsFile = join(root, '.cache/mutation-survivors.json')
const reachFile = join(root, '.cache/mutation-reach.json')
const log = (/** @type {string} */ line) => console.log(line)

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'per-file': { type: 'string', default: '10' },
    all: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    again: { type: 'boolean', default: false },
  },
})

process.exitCode = (await main()) ? 0 : 1

/** @returns {Promise<boolean>} whether all is well */
async function main() {
  const accepted = readAccepted()
  const stale = staleEntries(accepted)
  const wanted = await wantedMutants()
  await installDependencies()
  await build()
  const server = await findRedisServer()
  const work = await copyProject(root)
  const redis = await startRedis({ dataDir: join(work, 'redis'), server, admin: true })
  const copy = join(work, 'project')
  const runner = new TestRunner(copy, {
    ...process.env,
    NODE_ENV: 'test',
    TEST_REDIS_URL: redis.urlFor('admin'),
    REDIS_SERVER_BINARY: server.binary,
    REDIS_SERVER_LIBRARY_PATH: server.env['LD_LIBRARY_PATH'] ?? '',
    MUTATION_SEED: values.seed,
  })
  const commands = new Redis(redis.urlFor('admin'))
  try {
    const { scores, tried } = await tryAll({ copy, runner, commands, wanted, accepted })
    await mkdir(dirname(survivorsFile), { recursive: true })
    const left = tried.filter((one) => isAlive(one.outcome) && !one.accepted)
    await writeFile(
      survivorsFile,
      JSON.stringify(
        left.map(({ mutant: { text: _, ...rest }, outcome }) => ({ ...rest, outcome })),
        null,
        1,
      ),
    )
    console.table(scores)
    log(`Seed ${values.seed}, ${values.all ? 'every mutant' : `${values['per-file']} mutants of each file`}`)
    const killed = tried.filter((one) => one.accepted && isKilled(one.outcome))
    for (const { mutant } of killed) stale.push(`${mutant.file}: "${mutant.line}" is killed by a test now`)
    for (const line of stale) log(`Stale in survivors.json: ${line}`)
    return stale.length === 0 && scores.every(({ score }) => score >= leastScore)
  } finally {
    commands.disconnect()
    await runner.stop()
    await redis.stop()
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * By target. The files that are named only.
 *
 * @returns {Promise<{ target: import('./targets.mjs').Target, files: { file: string, all: number, mutants: Mutant[] }[] }[]>}
 */
async function wantedMutants() {
  const isWanted = (/** @type {string} */ file) =>
    positionals.length === 0 ||
    positionals.some((path) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`))
  /** @type {Mutant[] | undefined} */
  const last = values.again ? JSON.parse(await readFile(survivorsFile, 'utf8')) : undefined
  const chosen = (/** @type {Mutant[]} */ mutants) => {
    if (last)
      return mutants.filter((a) =>
        last.some((b) => a.file === b.file && a.start === b.start && a.to === b.to && a.from === b.from),
      )
    return shuffled(mutants, values.seed)
  }
  return targets
    .map((target) => ({
      target,
      files: filesOf(root, target)
        .filter(isWanted)
        .map((file) => {
          const mutants = mutantsOf(root, file)
          return { file, all: mutants.length, mutants: chosen(mutants) }
        })
        .filter(({ mutants }) => mutants.length > 0),
    }))
    .filter(({ files }) => files.length > 0)
}

/** @param {import('./accepted.mjs').Accepted[]} accepted */
function staleEntries(accepted) {
  const all = targets.flatMap((target) => filesOf(root, target).flatMap((file) => mutantsOf(root, file)))
  return withoutMutant(accepted, all).map(({ file, line }) => `${file} has no mutant of "${line}"`)
}

/**
 * @param {object} deps
 * @param {string} deps.copy
 * @param {TestRunner} deps.runner
 * @param {Redis} deps.commands
 * @param {Awaited<ReturnType<typeof wantedMutants>>} deps.wanted
 * @param {import('./accepted.mjs').Accepted[]} deps.accepted
 */
async function tryAll({ copy, runner, commands, wanted, accepted }) {
  const typesFit = openCompiler(root)
  const common = await readFile(join(root, 'src/eventlog/lua/common.lua'), 'utf8')
  const compiles = (/** @type {string} */ file, /** @type {string} */ text) =>
    file.endsWith('.lua') ? scriptCompiles(commands, `${common}\n${text}`) : typesFit(file, text)
  const sources = [...targets.flatMap((target) => filesOf(root, target)), ...Object.values(callerOf)].filter(
    (file) => file.endsWith('.ts'),
  )
  const scores = []
  /** @type {Tried[]} */
  const tried = []
  for (const { target, files } of wanted) {
    const begun = { ms: performance.now(), cpuMs: runner.cpuMs, own: process.cpuUsage() }
    const reach = await findReach(copy, runner, { tests: target.tests, sources, cacheFile: reachFile, log })
    /** @type {Tried[]} */
    const ofTarget = []
    for (const { file, mutants } of files) {
      const source = await readFile(join(root, file), 'utf8')
      const select = selector(file, source, reach)
      const kills = new Map()
      let left = values.all || values.again ? Infinity : Number(values['per-file'])
      for (const mutant of mutants) {
        if (left === 0) break
        const outcome = await tryMutant({ copy, runner, compiles, kills }, mutant, select(mutant), source)
        const one = { mutant, outcome, accepted: acceptedAs(accepted, mutant) !== undefined }
        ofTarget.push(one)
        if (outcome !== 'refused') left--
        if (isAlive(outcome)) log(lineOf(one))
        await commands.flushall()
      }
    }
    const all = files.reduce((sum, file) => sum + file.all, 0)
    scores.push(scoreOf(target.folder, { all, tried: ofTarget, ...spent(begun, runner) }))
    log(JSON.stringify(scores.at(-1)))
    tried.push(...ofTarget)
  }
  return { scores, tried }
}

/**
 * @param {{ ms: number, cpuMs: number, own: NodeJS.CpuUsage }} begun
 * @param {TestRunner} runner
 */
function spent(begun, runner) {
  const { user, system } = process.cpuUsage(begun.own)
  return { ms: performance.now() - begun.ms, cpuMs: runner.cpuMs - begun.cpuMs + (user + system) / 1000 }
}

/**
 * @param {Redis} commands
 * @param {string} text
 */
async function scriptCompiles(commands, text) {
  return commands.script('LOAD', text).then(
    () => true,
    () => false,
  )
}
