import { flashline } from '../contenders/contenders.mjs'
import { markdownTable, median, short } from '../support/machine.mjs'
import { heading, share, verdicts } from '../support/report.mjs'
import { heartbeatSeconds, on, warmUp } from './cell.mjs'

/** @typedef {import('./cell.mjs').Measured} Measured */

/** The same number of deliveries a second to a growing number of readers. @param {import('./cell.mjs').Task} task */
export async function growth({ environment, quick, competitors }) {
  const steps = quick ? [1000, 5000] : [1000, 5000, 10_000, 15_000, 18_000]
  const perSecond = 30_000
  const rounds = quick ? 1 : 3
  const cases = competitors
    .filter(({ name }) => !quick || name === 'flashline')
    .flatMap((contender) =>
      steps.map((count) => ({
        contender,
        count,
        runs: /** @type {(Measured & { idleKb: number })[]} */ ([]),
      })),
    )
  for (let round = 0; round < rounds; round++)
    for (const contender of new Set(cases.map((one) => one.contender))) {
      // Only the memory of flashline has a target.
      if (round > 0 && contender !== flashline) continue
      await on(contender, environment, async (stage) => {
        let connected = 0
        for (const { count, runs } of cases.filter((one) => one.contender === contender)) {
          await stage.connect({ count: count - connected })
          connected = count
          await stage.publish(warmUp)
          const idleKb = await stage.rssKb()
          const run = await stage.measure({
            rate: perSecond / count,
            seconds: quick ? 4 : heartbeatSeconds,
          })
          runs.push({ ...run, idleKb })
        }
      })
    }
  const of = (
    /** @type {(Measured & { idleKb: number })[]} */ runs,
    /** @type {(run: Measured & { idleKb: number }) => number} */ pick,
  ) => median(runs.map(pick))
  heading(
    'More readers',
    `30,000 deliveries/s to all readers together; memory after a garbage collection. Medians of ${rounds} round(s) for flashline, one round for its competitors.`,
  )
  console.log(
    markdownTable(
      [
        'contender',
        'readers',
        'CPU µs/delivery',
        'of it user',
        'p50 ms',
        'p99 ms',
        'loop delay p99 ms',
        'max',
        'RSS MB',
        'delivered %',
        'other work',
      ],
      cases.map(({ contender, count, runs }) => [
        contender.name,
        count.toLocaleString('en'),
        short(of(runs, (run) => run.cpuPerDeliveryUs)),
        short(of(runs, (run) => run.userPerDeliveryUs)),
        short(of(runs, (run) => run.latency.p50)),
        short(of(runs, (run) => run.latency.p99)),
        short(of(runs, (run) => run.loop.p99)),
        short(of(runs, (run) => run.loop.max)),
        short(of(runs, (run) => run.idleKb / 1024)),
        short(of(runs, (run) => (100 * run.events) / (run.sent * count))),
        share(of(runs, (run) => run.othersShare)),
      ]),
    ),
  )
  const ours = cases.filter(({ contender }) => contender.name === 'flashline')
  const [few] = ours
  const many = ours.find(({ count }) => count === 15_000) ?? ours.at(-1)
  if (!few || !many) return
  const cpu = (/** @type {typeof few} */ { runs }) => of(runs, (run) => run.cpuPerDeliveryUs)
  const grownKb = of(many.runs, (run) => run.idleKb) - of(few.runs, (run) => run.idleKb)
  verdicts([
    [
      `CPU per delivery at ${many.count} readers, divided by that at ${few.count}`,
      cpu(many) / cpu(few),
      '≤',
      1.2,
    ],
    [
      `kB for one idle connection (${few.count} to ${many.count})`,
      grownKb / (many.count - few.count),
      '≤',
      10,
    ],
    [`loop delay p99 at ${many.count} readers, ms`, of(many.runs, (run) => run.loop.p99), '≤', 25],
  ])
}
