import { flashline } from '../contenders/contenders.mjs'
import { markdownTable, median, short } from '../support/machine.mjs'
import { heading, share, verdicts } from '../support/report.mjs'
import { facetBytes } from '../support/sent-event.mjs'
import { matrixReaders, on, warmUp } from './cell.mjs'

/** @typedef {import('./cell.mjs').Measured} Measured */

/** 2,000 readers of one feed with a growing number of different filters. @param {import('./cell.mjs').Task} task */
export async function filters({ environment, quick }) {
  const contender = { ...flashline, dialect: { ...flashline.dialect, after: facetBytes } }
  const counts = [1, 10, 100]
  const cases = ['every event', 'every second event'].flatMap((passes) =>
    counts.map((count) => ({ passes, count, runs: /** @type {Measured[]} */ ([]) })),
  )
  const rounds = quick ? 1 : 3
  for (let round = 0; round < rounds; round++)
    for (const { passes, count, runs } of cases) {
      const queries = Array.from({ length: count }, (_, index) => filterQuery(index, passes))
      await on(contender, { ...environment, sections: 2 }, async (stage) => {
        await stage.connect({ count: matrixReaders, queries })
        await stage.publish(warmUp)
        runs.push(await stage.measure({ rate: 20, seconds: quick ? 3 : 5 }))
      })
    }
  const rows = cases.map(({ passes, count, runs }) => {
    const of = (/** @type {(run: Measured) => number} */ pick) => median(runs.map(pick))
    return [
      passes,
      String(count),
      short(of((run) => run.cpuPerDeliveryUs)),
      short(of((run) => run.userPerDeliveryUs)),
      short(of((run) => (100 * run.events) / (run.sent * matrixReaders))),
      short(of((run) => run.latency.p50)),
      short(of((run) => run.latency.p99)),
      share(of((run) => run.othersShare)),
    ]
  })
  heading(
    'More filters',
    `${matrixReaders.toLocaleString('en')} readers of one feed, 20 events/s; medians of ${rounds} round(s). The events are corrections: a headline that does not pass a filter is removed for its readers, which is a delivery too.`,
  )
  console.log(
    markdownTable(
      [
        'filters let pass',
        'distinct filters',
        'CPU µs/delivery',
        'of it user',
        'delivered %',
        'p50 ms',
        'p99 ms',
        'other work',
      ],
      rows,
    ),
  )
  const cpu = (/** @type {string} */ passes, /** @type {number | undefined} */ count) =>
    median(
      cases
        .filter((measuredCase) => measuredCase.passes === passes && measuredCase.count === count)
        .flatMap(({ runs }) => runs.map((run) => run.cpuPerDeliveryUs)),
    )
  verdicts(
    ['every event', 'every second event'].map((passes) => [
      `CPU per delivery with ${counts.at(-1)} filters that let ${passes} pass, divided by that with one filter`,
      cpu(passes, counts.at(-1)) / cpu(passes, 1),
      '≤',
      1.2,
    ]),
  )
}

/**
 * One of 300 filters by section, region and urgency. The events are bulletins of the region r0, alternately of the
 * sections s0 and s1.
 *
 * @param {number} index
 * @param {string} passes 'every event', or every second one
 */
function filterQuery(index, passes) {
  const sections = passes === 'every event' ? 's0,s1' : `s${index % 2}`
  const urgency = ['bulletin', 'urgent', 'routine'][index % 3]
  return `section=${sections},x${index % 10}&region=r0,y${Math.floor(index / 10)}&urgency=${urgency}`
}
