/**
 * The survivors that are accepted, with the reason: `survivors.json`. An entry without `to` speaks of every change of
 * `from`, one without `from` of every mutant on that line.
 */
import { readFileSync } from 'node:fs'

/** @typedef {{ file: string, line: string, from?: string, to?: string, reason: string }} Accepted */
/** @typedef {import('./mutants.mjs').Mutant} Mutant */

/** @returns {Accepted[]} */
export function readAccepted() {
  return JSON.parse(readFileSync(new URL('survivors.json', import.meta.url), 'utf8'))
}

/**
 * @param {Accepted[]} accepted
 * @param {Mutant} mutant
 */
export function acceptedAs(accepted, mutant) {
  return accepted.find((entry) => isAbout(entry, mutant))
}

/**
 * @param {Accepted} entry
 * @param {Mutant} mutant
 */
function isAbout(entry, { file, line, from, to }) {
  if (entry.file !== file || entry.line !== line) return false
  return (entry.from ?? from) === from && (entry.to ?? to) === to
}

/**
 * @param {Accepted[]} accepted
 * @param {Mutant[]} all the mutants of their files
 * @returns {Accepted[]} entries about code that is no longer there
 */
export function withoutMutant(accepted, all) {
  return accepted.filter((entry) => !all.some((mutant) => isAbout(entry, mutant)))
}
