import { Editor } from '../support/editor.mjs'
import { markdownTable, short } from '../support/machine.mjs'
import { heading, verdicts } from '../support/report.mjs'
import { feedName, years } from './past-line.mjs'
import { key, startRole } from './started-role.mjs'

const targetMb = 512
const logEvents = 100_000
/** Jobs of BullMQ that stay for an operator are 200. */
const posts = 300
const mb = 1_000_000

/** @param {import('./context.mjs').Context} context */
export async function memory(context) {
  const { feeds, linesPerDay } = context.sizes
  const day = await context.day()
  const state = await context.years()
  await postSome(context, state)
  const [one, three] = [await day.newsroom.memory(), await state.newsroom.memory()]
  const lines = years * 365 * linesPerDay * feeds
  const { bytesPerLine, bytesPerEvent, lines: sampled } = state.sample
  const projected = lines * bytesPerLine + feeds * logEvents * bytesPerEvent
  heading(
    'Memory of Redis',
    `${linesPerDay} lines a day in each of ${feeds} feeds. Without an archive: ${short(bytesPerLine)} bytes of each of ` +
      `${sampled.toLocaleString('en')} lines stay for ever, and ${short(bytesPerEvent)} bytes of each of ` +
      `${logEvents.toLocaleString('en')} events in a log; projected to ${lines.toLocaleString('en')} lines.`,
  )
  const row = (/** @type {import('./newsroom-days.mjs').Memory} */ { used, headlines, events, logs }) => [
    ...[headlines, events].map((count) => count.toLocaleString('en')),
    ...[logs / mb, used / mb].map(short),
  ]
  console.log(
    markdownTable(
      ['state', 'headlines', 'events', 'of it logs, MB', 'used_memory MB'],
      [
        ['one day', ...row(one)],
        [`${years} years`, ...row(three)],
        [`${years} years without an archive`, lines.toLocaleString('en'), '–', '–', short(projected / mb)],
      ],
    ),
  )
  verdicts([[`MB after ${years} years`, three.used / mb, '≤', targetMb]])
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {import('./state.mjs').State} state
 */
async function postSome(context, state) {
  const service = await startRole(context, state, 'all')
  const editor = new Editor(service.url, key)
  try {
    for (let n = 0; n < posts; n++) {
      const { text } = context.texts.some('en')
      await editor.ask('POST', `/v1/feeds/${feedName(n % context.sizes.feeds)}/headlines`, { body: { text } })
    }
  } finally {
    editor.close()
    await service.stop()
  }
}
