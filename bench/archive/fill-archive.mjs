/** Fills an archive with the lines of past years through its own `write`. */
import { dayMs, feedName, pastLine } from './past-line.mjs'

const linesPerWrite = 1000
const reportMs = 30_000

/**
 * @param {import('../../src/archive/archive.ts').Archive} archive
 * @param {import('./past-line.mjs').Texts} texts
 * @param {{ count: number, feeds: number, first?: number }} wanted `first`: only so many of them, the oldest
 */
export async function fillArchive(archive, texts, { count, feeds, first = count }) {
  const has = await archive.countLines(feedName(0))
  if (has === first / feeds) return
  if (has > 0) throw new Error(`the archive has ${has * feeds} lines, not ${first}: use another folder`)
  const all = { count, feeds, now: Date.now() - 2 * dayMs }
  let written = Promise.resolve()
  let reported = performance.now()
  for (let n = 0; n < first; n += linesPerWrite) {
    const size = Math.min(linesPerWrite, first - n)
    const lines = Array.from({ length: size }, (_, index) => pastLine(texts, n + index, all))
    // The next lines are made while these are written.
    await written
    written = archive.write({ lines })
    if (performance.now() - reported > reportMs) {
      reported = performance.now()
      process.stderr.write(
        `${n.toLocaleString('en')} of ${first.toLocaleString('en')} lines are in the archive\n`,
      )
    }
  }
  await written
}
