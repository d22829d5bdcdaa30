import { Stage } from '../stage.mjs'
import { markdownTable, median, short } from '../support/machine.mjs'
import { heading, share, verdicts } from '../support/report.mjs'
import { heartbeatSeconds, matrixReaders } from './cell.mjs'

/**
 * One event at a time. All contenders run from the beginning and are measured alternately for some seconds each, so
 * that other load on the machine affects all of them. CPU times are compared within one round.
 *
 * @param {import('./cell.mjs').Task} task
 */
export async function single({ environment, quick, competitors }) {
  const rate = 5
  const rounds = quick ? 1 : 4
  const seconds = quick ? 3 : heartbeatSeconds
  const stages = competitors.map((contender) => new Stage(contender, environment))
  /** @type {import('./cell.mjs').Measured[][]} by round, in the order of the contenders */
  const found = []
  try {
    for (const stage of stages) {
      await stage.open()
      await stage.connect({ count: matrixReaders })
      // Warms up the compiler: in its first minute compiling costs a server more than delivering these few events.
      await stage.publish({ rate: 50, seconds: quick ? 1 : 20 })
    }
    for (let round = 0; round < rounds; round++) {
      const runs = []
      for (const stage of stages) runs.push(await stage.measure({ rate, seconds }))
      found.push(runs)
    }
  } finally {
    await Promise.all(stages.map((stage) => stage.close()))
  }
  heading(
    'Single events, in turns',
    `${matrixReaders.toLocaleString('en')} readers and ${rate} events/s of 340 bytes for each contender in turn, on one core. Medians of ${rounds} round(s) of ${seconds} s; contenders are compared within a round.`,
  )
  console.log(
    markdownTable(
      ['contender', 'CPU µs/delivery', 'of it user', 'delivered %', 'p50 ms', 'p99 ms', 'server CPU'],
      competitors.map(({ name }, index) => {
        const of = (/** @type {(run: import('./cell.mjs').Measured) => number} */ pick) =>
          median(found.flatMap((runs) => runs[index] ?? []).map(pick))
        return [
          name,
          short(of((run) => run.cpuPerDeliveryUs)),
          short(of((run) => run.userPerDeliveryUs)),
          short(of((run) => (100 * run.events) / (run.sent * matrixReaders))),
          short(of((run) => run.latency.p50)),
          short(of((run) => run.latency.p99)),
          share(of((run) => run.serverShare)),
        ]
      }),
    ),
  )
  const cost = (/** @type {import('./cell.mjs').Measured[]} */ runs, /** @type {string} */ name) =>
    runs[competitors.findIndex((contender) => contender.name === name)]?.cpuPerDeliveryUs ?? NaN
  const ratio = (/** @type {string} */ name) =>
    median(found.map((runs) => cost(runs, 'flashline') / cost(runs, name)))
  verdicts([
    ['CPU per delivery, divided by that of ws-loop', ratio('ws-loop'), '≤', 0.75],
    ['CPU per delivery, divided by that of socket.io', ratio('socket.io'), '≤', 0.6],
  ])
}
