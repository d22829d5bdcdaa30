import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { startChild } from '../support/child.mjs'
import { Editor } from '../support/editor.mjs'
import { markdownTable, short } from '../support/machine.mjs'
import { quantiles } from '../support/quantiles.mjs'
import { heading, verdicts } from '../support/report.mjs'
import { feedName } from './past-line.mjs'
import { key, startRole } from './started-role.mjs'

const targets = { linesPerSecond: 500, ratio: 1.1 }
const windowMs = 4_000
const settleMs = 300
const pauseBetweenPostsMs = 5
/** More than a worker moves in a second, so that lines to move are left at the end. */
const mostPerSecond = 1_200
const linesPerRound = 50

/** @param {import('./context.mjs').Context} context */
export async function move(context) {
  const { sizes, dist } = context
  const state = await context.years()
  const wanted = (sizes.windows * windowMs * mostPerSecond) / 1000 / sizes.feeds
  await state.newsroom.liveDay({ lines: Math.ceil(wanted / linesPerRound) * linesPerRound, isLast: true })
  const endedBefore = Date.now()
  heading(
    'Move to the archive',
    `POSTs one after the other, ${pauseBetweenPostsMs} ms apart, in ${2 * sizes.windows} windows of ${windowMs / 1000} s: in turn without and with a worker that moves all the time. Api, gateway and the worker that releases are processes of their own.`,
  )
  const mover = await startChild([process.execPath, fileURLToPath(new URL('mover.mjs', import.meta.url))])
  const roles = []
  try {
    for (const role of /** @type {const} */ (['worker', 'gateway', 'api']))
      roles.push(await startRole(context, state, role, role === 'worker' ? { ARCHIVE_URL: 'off' } : {}))
    await mover.ready
    process.kill(mover.pid, 'SIGSTOP')
    const { resumeEvents } = sizes
    const redisUrl = state.redis.urlFor('worker')
    const begun = mover.ask(
      'move',
      { redisUrl, archiveUrl: state.archiveUrl, dist, endedBefore, resumeEvents },
      3_600_000,
    )
    begun.catch(() => undefined)
    report(await inWindows(context, state, roles.at(-1)?.url ?? '', mover.pid))
  } finally {
    process.kill(mover.pid, 'SIGCONT')
    await mover.stop()
    for (const { stop } of roles) await stop()
  }
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {import('./state.mjs').State} state
 * @param {string} url of the api
 * @param {number} mover process
 */
async function inWindows({ texts, sizes }, { newsroom }, url, mover) {
  const editor = new Editor(url, key)
  const post = async () => {
    const { text } = texts.some('en')
    return (await editor.ask('POST', `/v1/feeds/${feedName(0)}/headlines`, { body: { text } })).ms
  }
  const counted = async () => {
    const keys = Array.from({ length: sizes.feeds }, (_, feed) => newsroom.store.keys.feed(feedName(feed)))
    const counts = await Promise.all(keys.map(({ states }) => newsroom.store.redis.hlen(states)))
    return counts.reduce((sum, count) => sum + count, 0)
  }
  /** @type {{ without: number[], with: number[] }} */
  const times = { without: [], with: [] }
  let moved = 0
  let movingMs = 0
  try {
    for (let n = 0; n < 50; n++) await post()
    for (let window = 0; window < sizes.windows; window++) {
      for (const kind of /** @type {const} */ (['without', 'with'])) {
        const before = await counted()
        const begun = performance.now()
        if (kind === 'with') process.kill(mover, 'SIGCONT')
        await pause(settleMs)
        const first = times[kind].length
        for (
          const end = performance.now() + windowMs;
          performance.now() < end;
          await pause(pauseBetweenPostsMs)
        )
          times[kind].push(await post())
        if (kind === 'without') continue
        process.kill(mover, 'SIGSTOP')
        movingMs += performance.now() - begun
        await pause(settleMs)
        moved += before - (await counted()) + times[kind].length - first
      }
    }
    return { times, moved, perSecond: moved / (movingMs / 1000), left: await counted() }
  } finally {
    editor.close()
  }
}

/** @param {Awaited<ReturnType<typeof inWindows>>} measured */
function report({ times, moved, perSecond, left }) {
  const rows = Object.entries(times).map(([kind, ms]) => ({ kind, ...quantiles(ms) }))
  const [without, moving] = rows
  console.log(
    markdownTable(
      ['POST, ms', 'n', 'p50', 'p90', 'p99', 'max'],
      rows.map(({ kind, n, p50, p90, p99, max }) => [
        `${kind} moving`,
        n,
        ...[p50, p90, p99, max].map(short),
      ]),
    ),
  )
  console.log(
    `\n${moved.toLocaleString('en')} lines were moved; ${left.toLocaleString('en')} headlines were left in Redis.`,
  )
  verdicts([
    ['lines moved a second', perSecond, '≥', targets.linesPerSecond],
    ['p99 of a POST with moving ÷ without', (moving?.p99 ?? NaN) / (without?.p99 ?? NaN), '≤', targets.ratio],
  ])
}
