import { flashline } from '../contenders/contenders.mjs'
import { Stage } from '../stage.mjs'
import { markdownTable, median, short } from '../support/machine.mjs'
import { fillLog } from '../support/redis-facts.mjs'
import { heading } from '../support/report.mjs'

/** @param {import('./cell.mjs').Task} task */
export async function log({ environment, quick }) {
  /** @type {string[][]} */
  const rows = []
  const sizes = quick ? [1000, 100_000] : [1000, 10_000, 100_000, 1_000_000]
  const prefix = `b${process.pid}-log`
  const stage = new Stage(flashline, { ...environment, prefix })
  try {
    await stage.open()
    for (const size of sizes) {
      await fillLog(environment.redisUrl, prefix, 'bench0', size)
      const startMs = []
      const rssKb = []
      for (let start = 0; start < (quick ? 1 : 3); start++) {
        await stage.closeServer()
        const begun = performance.now()
        await stage.openServer()
        startMs.push(performance.now() - begun)
        rssKb.push(await stage.rssKb())
      }
      rows.push([size.toLocaleString('en'), short(median(startMs)), short(median(rssKb) / 1024)])
    }
  } finally {
    await stage.close()
  }
  heading('A longer log', 'Time from the start of a gateway process to its first answer 200 at /readyz.')
  console.log(markdownTable(['events in the log', 'start ms', 'RSS MB'], rows))
}
