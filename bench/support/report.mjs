/** What a bench prints: headings and verdicts between its tables. */
import { short } from './machine.mjs'

/**
 * @param {string} title
 * @param {string} text
 */
export function heading(title, text) {
  console.log(`\n### ${title}\n\n${text}\n`)
}

/** @param {[what: string, value: number, relation: '≤' | '≥', target: number][]} list */
export function verdicts(list) {
  console.log()
  for (const [what, value, relation, target] of list) {
    if (!Number.isFinite(value)) continue
    const meets = relation === '≤' ? value <= target : value >= target
    console.log(
      `- ${meets ? 'pass' : 'falls short'}: ${what}: ${short(value)} (target ${relation} ${target.toLocaleString('en')})`,
    )
  }
}

/** @param {number} part */
export function share(part) {
  return Number.isFinite(part) ? `${Math.max(0, Math.round(part * 100))} %` : '–'
}
