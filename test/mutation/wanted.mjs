/**
 * The mutants that the command line selects.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { filesOf, mutantsOf, shuffled } from './mutants.mjs'
import { targets } from './targets.mjs'

/** @typedef {import('./mutants.mjs').Mutant} Mutant */
/**
 * @typedef {object} Wish
 * @property {string[]} paths files or folders; none: all
 * @property {number} perFile
 * @property {string} seed
 * @property {boolean} again only what survived the last run
 *
 * @typedef {{ file: string, all: number, mutants: Mutant[] }} WantedFile `mutants` in the order in which they are tried
 */

/**
 * @param {string[]} args
 * @returns {Wish}
 */
export function readWish(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'per-file': { type: 'string', default: '10' },
      all: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      again: { type: 'boolean', default: false },
    },
  })
  return {
    paths: positionals.map((path) => path.replace(/\/$/, '')),
    perFile: values.all || values.again ? Infinity : Number(values['per-file']),
    seed: values.seed,
    again: values.again,
  }
}

/**
 * @param {string} root
 * @param {Wish} wish
 * @param {string} survivorsFile of the last run
 * @returns {{ target: import('./targets.mjs').Target, files: WantedFile[] }[]}
 */
export function wantedOf(root, { paths, seed, again }, survivorsFile) {
  /** @type {Mutant[] | undefined} */
  const last = again ? JSON.parse(readFileSync(survivorsFile, 'utf8')) : undefined
  const isWanted = (/** @type {string} */ file) =>
    paths.length === 0 || paths.some((path) => file === path || file.startsWith(`${path}/`))
  return targets
    .map((target) => ({
      target,
      files: filesOf(root, target)
        .filter(isWanted)
        .map((file) => {
          const all = mutantsOf(root, file)
          const mutants = last
            ? all.filter((one) => last.some((other) => areSame(one, other)))
            : shuffled(all, seed)
          return { file, all: all.length, mutants }
        })
        .filter(({ mutants }) => mutants.length > 0),
    }))
    .filter(({ files }) => files.length > 0)
}

/**
 * @param {Mutant} one
 * @param {Mutant} other
 */
function areSame(one, other) {
  return one.file === other.file && one.line === other.line && one.from === other.from && one.to === other.to
}
