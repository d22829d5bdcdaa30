import { markdownTable, median, short } from '../support/machine.mjs'
import { heading, verdicts } from '../support/report.mjs'
import { startRole } from './started-role.mjs'

const target = 1.2
const roles = /** @type {const} */ (['gateway', 'api'])

/** @param {import('./context.mjs').Context} context */
export async function start(context) {
  const states = { day: await context.day(), years: await context.years() }
  heading(
    'Start',
    `ms from the start of a process to its first 200 at /readyz, in turn in both states. Medians of ${context.sizes.rounds} starts.`,
  )
  const rows = []
  for (const role of roles) {
    /** @type {Record<keyof typeof states, number[]>} */
    const times = { day: [], years: [] }
    for (let round = -1; round < context.sizes.rounds; round++) {
      for (const name of /** @type {const} */ (['day', 'years'])) {
        const service = await startRole(context, states[name], role)
        await service.stop()
        if (round >= 0) times[name].push(service.startMs)
      }
    }
    rows.push({ role, day: median(times.day), years: median(times.years) })
  }
  console.log(
    markdownTable(
      ['role', 'after one day', 'after three years', 'ratio'],
      rows.map(({ role, day, years }) => [role, ...[day, years, years / day].map(short)]),
    ),
  )
  verdicts(
    rows.map(({ role, day, years }) => [
      `start of the ${role}, three years ÷ one day`,
      years / day,
      '≤',
      target,
    ]),
  )
}
