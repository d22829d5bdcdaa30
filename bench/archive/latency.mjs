import { Editor } from '../support/editor.mjs'
import { markdownTable, short } from '../support/machine.mjs'
import { quantiles } from '../support/quantiles.mjs'
import { heading, verdicts } from '../support/report.mjs'
import { feedName } from './past-line.mjs'
import { key, startRole } from './started-role.mjs'

const target = 1.2
const warmUp = 50
/** Posts of one state before the turn of the other: a pause of the machine meets both. */
const postsPerTurn = 5

/** @param {import('./context.mjs').Context} context */
export async function latency(context) {
  const states = [await context.day(), await context.years()]
  heading(
    'From POST to the release',
    `ms until the answer to a POST, which names the position of the release; everything in one process, in turn in both states.`,
  )
  const services = []
  try {
    for (const state of states) services.push(await startRole(context, state, 'all'))
    const times = await postInTurn(
      context,
      services.map(({ url }) => url),
    )
    const rows = times.map((ms, index) => ({
      name: index === 0 ? 'one day' : 'three years',
      ...quantiles(ms),
    }))
    const [day, years] = rows
    console.log(
      markdownTable(
        ['state', 'n', 'p50', 'p90', 'p99', 'max'],
        rows.map(({ name, n, p50, p90, p99, max }) => [name, n, ...[p50, p90, p99, max].map(short)]),
      ),
    )
    verdicts([
      ['p50, three years ÷ one day', (years?.p50 ?? NaN) / (day?.p50 ?? NaN), '≤', target],
      ['p99, three years ÷ one day', (years?.p99 ?? NaN) / (day?.p99 ?? NaN), '≤', target],
    ])
  } finally {
    for (const service of services) await service.stop()
  }
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {readonly string[]} urls
 * @returns {Promise<number[][]>} times in ms for each
 */
async function postInTurn({ texts, sizes }, urls) {
  const editors = urls.map((url) => new Editor(url, key))
  /** @type {number[][]} */
  const times = urls.map(() => [])
  try {
    for (let n = -warmUp; n < sizes.posts; n += postsPerTurn) {
      for (const [index, editor] of editors.entries()) {
        for (let post = 0; post < postsPerTurn; post++) {
          const path = `/v1/feeds/${feedName(Math.abs(n + post) % sizes.feeds)}/headlines`
          const { ms, body } = await editor.ask('POST', path, { body: { text: texts.some('en').text } })
          if (body.headline.status !== 'live')
            throw new Error('a headline was not released before the answer')
          if (n >= 0) times[index]?.push(ms)
        }
      }
    }
  } finally {
    for (const editor of editors) editor.close()
  }
  return times
}
