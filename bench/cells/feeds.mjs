import { flashline } from '../contenders/contenders.mjs'
import { markdownTable, short } from '../support/machine.mjs'
import { heading, share } from '../support/report.mjs'
import { on } from './cell.mjs'

/** Ten readers a feed. The total number of events a second is the same for every number of feeds. @param {import('./cell.mjs').Task} task */
export async function feeds({ environment, quick }) {
  /** @type {string[][]} */
  const rows = []
  for (const count of quick ? [1, 50] : [1, 20, 200]) {
    await on(flashline, { ...environment, feeds: count }, async (stage) => {
      await stage.connect({ count: 10 * count })
      await stage.publish({ rate: 200, seconds: 1 })
      const idle = await stage.measureIdle(quick ? 1 : 5)
      const run = await stage.measure({ rate: 200, seconds: quick ? 2 : 8 })
      rows.push([
        String(count),
        share(idle.serverShare),
        short(run.cpuPerDeliveryUs),
        short(run.latency.p50),
        short(run.latency.p99),
        short((await stage.rssKb()) / 1024),
      ])
    })
  }
  heading('More feeds', 'Ten readers a feed; 200 events/s over all feeds together.')
  console.log(
    markdownTable(['feeds', 'CPU when idle', 'CPU µs/delivery', 'p50 ms', 'p99 ms', 'RSS MB'], rows),
  )
}
