/**
 * The mutants of one target, file by file.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { acceptedAs } from './accepted.mjs'
import { findReach, selector } from './reach.mjs'
import { isAlive, lineOf } from './report.mjs'
import { tryMutant } from './try-mutant.mjs'

/** @typedef {import('./report.mjs').Tried} Tried */

/**
 * @param {object} deps
 * @param {string} deps.copy of the project
 * @param {import('./test-runner.mjs').TestRunner} deps.runner
 * @param {(file: string, text: string) => boolean | Promise<boolean>} deps.compiles
 * @param {() => Promise<unknown>} deps.emptyRedis
 * @param {import('./accepted.mjs').Accepted[]} deps.accepted
 * @param {string} deps.reachFile
 * @param {(line: string) => void} deps.log
 * @param {ReturnType<typeof import('./wanted.mjs').wantedOf>[number]} wanted
 * @param {number} perFile
 * @returns {Promise<Tried[]>}
 */
export async function tryTarget(deps, { target, files }, perFile) {
  const { copy, runner, accepted, emptyRedis, reachFile, log } = deps
  const reach = await findReach(copy, runner, { tests: target.tests, cacheFile: reachFile, log })
  /** @type {Tried[]} */
  const tried = []
  for (const { file, mutants } of files) {
    const source = await readFile(join(copy, file), 'utf8')
    const select = selector(file, source, reach)
    const kills = new Map()
    let left = perFile
    for (const mutant of mutants) {
      if (left === 0) break
      const outcome = await tryMutant({ ...deps, kills }, mutant, select(mutant), source)
      const one = { mutant, outcome, accepted: acceptedAs(accepted, mutant) !== undefined }
      tried.push(one)
      if (isAlive(outcome)) log(lineOf(one))
      if (outcome !== 'refused') left--
      await emptyRedis()
    }
  }
  return tried
}
