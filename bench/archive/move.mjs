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

/** Headlines of a feed that may wait before the worker moves them at the pace for a backlog. */
const paces = { 'at the usual pace': Number.MAX_SAFE_INTEGER, 'for a backlog': 0 }

/** @param {import('./context.mjs').Context} context */
export async function move(context) {
  const { sizes, dist } = context
  const state = await context.years()
  const wanted = (sizes.windows * windowMs * mostPerSecond) / 1000 / sizes.feeds
  await state.newsroom.liveDay({ lines: Math.ceil(wanted / linesPerRound) * linesPerRound, isLast: true })
  const endedBefore = Date.now()
  heading(
    'Move to the archive',
    `POSTs one after the other, ${pauseBetweenPostsMs} ms apart, in ${4 * sizes.windows} windows of ${windowMs / 1000} s: in turn without and with a worker that moves all the time, at its usual pace and then as for a backlog. Api, gateway and the worker that releases are processes of their own.`,
  )
  const roles = []
  try {
    for (const role of /** @type {const} */ (['worker', 'gateway', 'api']))
      roles.push(await startRole(context, state, role, role === 'worker' ? { ARCHIVE_URL: 'off' } : {}))
    const url = roles.at(-1)?.url ?? ''
    const measured = []
    for (const [pace, backlogLines] of Object.entries(paces)) {
      // One mover at a time: a stopped one may hold the lock of the archive's file.
      const mover = await startChild([process.execPath, fileURLToPath(new URL('mover.mjs', import.meta.url))])
      try {
        await mover.ready
        process.kill(mover.pid, 'SIGSTOP')
        const redisUrl = state.redis.urlFor('worker')
        const { archiveUrl } = state
        const { resumeEvents } = sizes
        const wanted = { redisUrl, archiveUrl, dist, endedBefore, resumeEvents, backlogLines }
        mover.ask('move', wanted, 3_600_000).catch(() => undefined)
        measured.push({ pace, ...(await inWindows(context, state, url, mover.pid)) })
      } finally {
        process.kill(mover.pid, 'SIGCONT')
        await mover.stop()
      }
    }
    report(measured)
  } finally {
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

/** @param {({ pace: string } & Awaited<ReturnType<typeof inWindows>>)[]} measured */
function report(measured) {
  const rows = measured.flatMap(({ pace, times, perSecond }) => [
    { kind: 'without moving', ...quantiles(times.without), moved: '–' },
    { kind: pace, ...quantiles(times.with), moved: short(perSecond) },
  ])
  console.log(
    markdownTable(
      ['POST, ms', 'n', 'p50', 'p90', 'p99', 'max', 'moved a second'],
      rows.map(({ kind, n, p50, p90, p99, max, moved }) => [
        kind,
        n,
        ...[p50, p90, p99, max].map(short),
        moved,
      ]),
    ),
  )
  const [, last] = measured
  const moved = measured.reduce((sum, each) => sum + each.moved, 0)
  console.log(
    `\n${moved.toLocaleString('en')} lines were moved; ${last?.left.toLocaleString('en')} headlines were left in Redis.`,
  )
  verdicts([
    ['lines moved a second for a backlog', last?.perSecond ?? NaN, '≥', targets.linesPerSecond],
    ...measured.map(({ pace, times }) => ratioOf(pace, times)),
  ])
}

/**
 * @param {string} pace
 * @param {{ without: number[], with: number[] }} times
 * @returns {[label: string, value: number, relation: '≤', target: number]}
 */
function ratioOf(pace, times) {
  const ratio = quantiles(times.with).p99 / quantiles(times.without).p99
  return [`p99 of a POST with moving ${pace} ÷ without`, ratio, '≤', targets.ratio]
}
