/**
 * Scores by folder. An accepted survivor counts neither way; the raw score counts it as a survivor.
 */

/** @typedef {{ mutant: import('./mutants.mjs').Mutant, outcome: import('./try-mutant.mjs').Outcome, accepted: boolean }} Tried */

/**
 * @param {string} folder
 * @param {{ all: number, tried: Tried[], ms: number, cpuMs: number }} result
 */
export function scoreOf(folder, { all, tried, ms, cpuMs }) {
  const count = (/** @type {(one: Tried) => boolean} */ test) => tried.filter(test).length
  const killed = count(({ outcome }) => isKilled(outcome))
  const accepted = count(({ outcome, accepted }) => accepted && isAlive(outcome))
  const survived = count(({ outcome, accepted }) => !accepted && isAlive(outcome))
  return {
    folder,
    mutants: all,
    tried: tried.length,
    refused: count(({ outcome }) => outcome === 'refused'),
    killed,
    'of these by time': count(({ outcome }) => outcome === 'timeout'),
    survived,
    accepted,
    score: percent(killed, killed + survived),
    raw: percent(killed, killed + survived + accepted),
    minutes: Math.round(ms / 6000) / 10,
    'processor minutes': Math.round(cpuMs / 6000) / 10,
  }
}

/** @param {import('./try-mutant.mjs').Outcome} outcome */
export function isKilled(outcome) {
  return outcome === 'killed' || outcome === 'timeout'
}

/** @param {import('./try-mutant.mjs').Outcome} outcome */
export function isAlive(outcome) {
  return outcome === 'survived' || outcome === 'not reached'
}

/**
 * @param {number} part
 * @param {number} whole
 */
function percent(part, whole) {
  return whole === 0 ? 100 : Math.floor((1000 * part) / whole) / 10
}

/** @param {Tried} tried */
export function lineOf({ mutant: { file, row, from, to }, outcome, accepted }) {
  const short = (/** @type {string} */ text) => {
    const flat = text.replace(/\s+/g, ' ').trim()
    return flat.length > 70 ? `${flat.slice(0, 67)}...` : flat || '(nothing)'
  }
  return `${outcome}${accepted ? ' (accepted)' : ''}  ${file}:${row}  ${short(from)}  ->  ${short(to)}`
}
