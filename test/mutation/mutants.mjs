/**
 * All mutants of a target, and a sample that is the same for the same seed.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { luaMutants } from './lua-mutants.mjs'
import { typescriptMutants } from './typescript-mutants.mjs'

/**
 * @typedef {import('./typescript-mutants.mjs').Change & { file: string, line: string, row: number, text: string }} Mutant
 *   `line` is the line it begins on, trimmed; `row` its number; `text` the whole file with the change
 */

/**
 * @param {string} root
 * @param {import('./targets.mjs').Target} target
 * @returns {string[]} paths from the root
 */
export function filesOf(root, { folder, ending = '.ts', except = [] }) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
    .filter((file) => !except.includes(file))
    .sort()
}

/**
 * @param {string} root
 * @param {string} file
 * @returns {Mutant[]}
 */
export function mutantsOf(root, file) {
  const source = readFileSync(join(root, file), 'utf8')
  const changes = file.endsWith('.lua') ? luaMutants(source) : typescriptMutants(file, source)
  return changes.map((change) => {
    const lineStart = source.lastIndexOf('\n', change.start - 1) + 1
    return {
      ...change,
      file,
      line: (source.slice(lineStart).split('\n', 1)[0] ?? '').trim(),
      row: source.slice(0, lineStart).split('\n').length,
      text: source.slice(0, change.start) + change.to + source.slice(change.end),
    }
  })
}

/**
 * In an order that is the same for the same seed. A mutant keeps its rank when others come and go, so a change of the
 * code changes little of a sample.
 *
 * @param {Mutant[]} mutants of one file
 * @param {string} seed
 */
export function shuffled(mutants, seed) {
  const ranked = mutants.map((mutant) => {
    const { file, line, from, to, kind } = mutant
    const rank = createHash('sha1')
      .update(JSON.stringify([seed, file, line, from, to, kind]))
      .digest('hex')
    return { mutant, rank }
  })
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ mutant }) => mutant)
}
