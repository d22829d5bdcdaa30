import { markdownTable, median, short } from '../support/machine.mjs'
import { heading, share, verdicts } from '../support/report.mjs'
import { on } from './cell.mjs'

/** @typedef {import('./cell.mjs').Measured} Measured */

/** The effect of slow readers on the latency of prompt readers. Long events fill the kernel's buffers fast. @param {import('./cell.mjs').Task} task */
export async function slow({ environment, quick, competitors }) {
  const count = 100
  const load = { rate: 400, seconds: quick ? 5 : 12, extraBytes: 2000 }
  const rounds = quick ? 1 : 3
  const chosen = competitors.filter(({ name }) => !quick || ['flashline', 'ws-loop'].includes(name))
  const cases = chosen.flatMap((contender) =>
    [0, 5].map((stalled) => ({
      contender,
      crowd: { count, stalled, trickle: stalled },
      runs: /** @type {(Measured & { grownKb: number })[]} */ ([]),
    })),
  )
  for (let round = 0; round < rounds; round++)
    for (const { contender, crowd, runs } of cases)
      await on(contender, environment, async (stage) => {
        await stage.connect(crowd)
        const before = await stage.rssKb()
        const run = await stage.measure(load)
        runs.push({ ...run, grownKb: (await stage.rssKb()) - before })
      })
  const rows = cases.map(({ contender, crowd, runs }) => {
    const of = (/** @type {(run: Measured & { grownKb: number }) => number} */ pick) => median(runs.map(pick))
    return [
      contender.name,
      crowd.stalled === 0 ? 'none' : '5 % stalled, 5 % at 1 KB/s',
      short(of((run) => run.latency.p50)),
      short(of((run) => run.latency.p99)),
      short(of((run) => run.latency.max)),
      short(of((run) => run.cpuPerDeliveryUs)),
      short(of((run) => run.grownKb / 1024)),
      share(of((run) => run.serverShare)),
      share(of((run) => run.readerCoreShare)),
      share(of((run) => run.othersShare)),
    ]
  })
  const p99 = (/** @type {number} */ stalled) =>
    median(
      cases
        .filter(({ contender, crowd }) => contender.name === 'flashline' && crowd.stalled === stalled)
        .flatMap(({ runs }) => runs.map((run) => run.latency.p99)),
    )
  heading(
    'Slow readers',
    `${count} readers, ${load.rate} events/s of 2.3 KB for ${load.seconds} s; latency is that of the prompt readers. Medians of ${rounds} round(s).`,
  )
  console.log(
    markdownTable(
      [
        'contender',
        'slow readers',
        'p50 ms',
        'p99 ms',
        'max ms',
        'CPU µs/delivery',
        'memory grown MB',
        'server CPU',
        'readers’ core busy',
        'other work',
      ],
      rows,
    ),
  )
  verdicts([['p99 of prompt readers with slow readers, divided by that without', p99(5) / p99(0), '≤', 1.15]])
}
