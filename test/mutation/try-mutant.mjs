/**
 * One mutant: put in, looked at by the compiler and the tests, taken out.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {'killed' | 'timeout' | 'survived' | 'not reached' | 'refused'} Outcome `refused` by a compiler */

/** A wait for what never comes ends soon; others need the computer, too. */
const testPatienceMs = 8_000
const patienceMs = 15_000

/**
 * @param {object} deps
 * @param {string} deps.copy of the project
 * @param {import('./test-runner.mjs').TestRunner} deps.runner
 * @param {(file: string, text: string) => boolean | Promise<boolean>} deps.compiles
 * @param {Map<string, number>} deps.kills by test file, of this source file
 * @param {import('./mutants.mjs').Mutant} mutant
 * @param {import('./reach.mjs').Selection[]} selections
 * @param {string} original the text of the file
 * @returns {Promise<Outcome>}
 */
export async function tryMutant({ copy, runner, compiles, kills }, mutant, selections, original) {
  if (!(await compiles(mutant.file, mutant.text))) return 'refused'
  if (selections.length === 0) return 'not reached'
  const path = join(copy, mutant.file)
  writeFileSync(path, mutant.text)
  try {
    for (const { file, only, ms, slowestMs } of likelyFirst(selections, kills)) {
      const testLimitMs = testPatienceMs + 3 * slowestMs
      const answer = await runner.run({ test: file, testLimitMs, endEarly: true, only }, patienceMs + 4 * ms)
      if (answer !== 'timeout' && answer.passed) continue
      kills.set(file, (kills.get(file) ?? 0) + 1)
      return answer === 'timeout' ? 'timeout' : 'killed'
    }
    return 'survived'
  } finally {
    writeFileSync(path, original)
  }
}

/**
 * A test that has killed often is asked sooner, by the time a kill of it costs.
 *
 * @param {import('./reach.mjs').Selection[]} selections
 * @param {Map<string, number>} kills
 */
function likelyFirst(selections, kills) {
  const cost = (/** @type {import('./reach.mjs').Selection} */ { file, ms }) =>
    ms / (1 + (kills.get(file) ?? 0))
  return [...selections].sort((a, b) => cost(a) - cost(b))
}
