/** Prints the headings and verdicts between the tables of a bench. */
import { short } from './machine.mjs'

/**
 * @param {string} title
 * @param {string} text
 */
export function heading(title, text) {
  console.log(`\n### ${title}\n\n${text}\n`)
}

/** @param {[label: string, value: number, relation: '≤' | '≥', target: number][]} list */
export function verdicts(list) {
  console.log()
  for (const [label, value, relation, target] of list) {
    if (!Number.isFinite(value)) continue
    const meets = relation === '≤' ? value <= target : value >= target
    console.log(
      `- ${meets ? 'pass' : 'falls short'}: ${label}: ${short(value)} (target ${relation} ${target.toLocaleString('en')})`,
    )
  }
}

/** @param {number} part between 0 and 1 */
export function share(part) {
  return Number.isFinite(part) ? `${Math.max(0, Math.round(part * 100))} %` : '–'
}
