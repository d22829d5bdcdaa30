import { markdownTable, median, short } from '../support/machine.mjs'
import { heading, share, verdicts } from '../support/report.mjs'
import { heartbeatSeconds, matrixReaders, on, warmUp } from './cell.mjs'

/** @typedef {import('./cell.mjs').Measured} Measured */

/** 2,000 readers of one feed. @param {import('./cell.mjs').Task} task */
export async function matrix({ environment, quick, rates: chosen, competitors }) {
  const rates = chosen ?? (quick ? [5, 800] : [5, 100, 400, 800])
  const rounds = quick ? 1 : 3
  const seconds = quick ? 3 : 5
  const longer = quick ? 3 : heartbeatSeconds
  /** @type {Map<string, Measured[]>} */
  const found = new Map()
  // Contenders are measured alternately, so that other load on the machine affects all of them.
  for (let round = 0; round < rounds; round++)
    for (const contender of competitors) {
      // One round is enough to show how many events an overloaded server does not deliver.
      const open = rates.filter((rate) => round === 0 || !lagged(found.get(`${contender.name} ${rate}`)?.[0]))
      while (open.length > 0)
        await on(contender, environment, async (stage) => {
          await stage.connect({ count: matrixReaders })
          await stage.publish(warmUp)
          for (let rate = open.shift(); rate !== undefined; rate = open.shift()) {
            const measured = await stage.measure({ rate, seconds: rate < 20 ? longer : seconds })
            const key = `${contender.name} ${rate}`
            found.set(key, [...(found.get(key) ?? []), measured])
            // The backlog would distort the next measurement, so that starts a new server.
            if (lagged(measured)) return
          }
        })
    }
  const rows = rates.flatMap((rate) =>
    competitors.map(({ name }) => {
      const runs = found.get(`${name} ${rate}`) ?? []
      const of = (/** @type {(run: Measured) => number} */ pick) => median(runs.map(pick))
      return [
        name,
        rate,
        short(of((run) => run.cpuPerDeliveryUs)),
        short(of((run) => run.userPerDeliveryUs)),
        short(of((run) => run.perSecond)),
        short(of((run) => (100 * run.events) / (run.sent * matrixReaders))),
        short(of((run) => run.latency.p50)),
        short(of((run) => run.latency.p99)),
        short(of((run) => run.latency.max)),
        blockedOr(of((run) => run.loop.p99)),
        share(of((run) => run.serverShare)),
        share(of((run) => run.readerShare)),
        share(of((run) => run.readerCoreShare)),
        share(of((run) => run.othersShare)),
      ]
    }),
  )
  heading(
    `${matrixReaders.toLocaleString('en')} readers of one feed, events of 340 bytes`,
    `CPU is that of the server process. Medians of ${rounds} round(s). When the core of the readers is busy and that of the server is not, the readers are the limit. "Other work" is the load of other processes, in shares of a core.`,
  )
  console.log(
    markdownTable(
      [
        'contender',
        'events/s',
        'CPU µs/delivery',
        'of it user',
        'deliveries/s',
        'delivered %',
        'p50 ms',
        'p99 ms',
        'max ms',
        'loop delay p99 ms',
        'server CPU',
        'readers CPU',
        'their core busy',
        'other work',
      ],
      rows,
    ),
  )
  const speed = (/** @type {string} */ name, /** @type {number} */ rate) =>
    median((found.get(`${name} ${rate}`) ?? []).map((run) => run.perSecond))
  verdicts([
    [
      'deliveries/s at 800 events/s, divided by that of ws-loop',
      speed('flashline', 800) / speed('ws-loop', 800),
      '≥',
      10,
    ],
    // Both can deliver all events. Those not yet delivered at the end make a difference of one percent.
    [
      'deliveries/s at 800 events/s, divided by that of uws',
      speed('flashline', 800) / speed('uws', 800),
      '≥',
      0.98,
    ],
    [
      'p99 at 800 events/s, ms',
      median((found.get('flashline 800') ?? []).map((run) => run.latency.p99)),
      '≤',
      200,
    ],
  ])
}

/** @param {Measured | undefined} run */
function lagged(run) {
  return run !== undefined && run.events < 0.8 * run.sent * matrixReaders
}

/** @param {number} ms Infinity when the server did not answer at all */
function blockedOr(ms) {
  return ms === Infinity ? '> 3,000' : short(ms)
}
