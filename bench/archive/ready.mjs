import { setTimeout as pause } from 'node:timers/promises'
import { startRedis } from '../../scripts/support/redis-server.mjs'
import { markdownTable, median, short } from '../support/machine.mjs'
import { heading, verdicts } from '../support/report.mjs'

const targetS = 3
const kills = 3
/** Redis rewrites its file when it has grown to twice its size. */
const nearlyTwice = 1.9
const roundLines = 50
const rewriteLimitMs = 120_000

/** @param {import('./context.mjs').Context} context */
export async function ready(context) {
  const state = await context.years()
  heading(
    'Redis after kill -9',
    `Seconds until Redis answers again, with the data of three years (appendfsync always). Median and slowest of ${kills}.`,
  )
  const rows = []
  rows.push(await killed(state, 'as the days have left the append-only file'))
  await rewritten(state)
  rows.push(await killed(state, 'after a rewrite of the file'))
  for (
    let size = await aofSizes(state);
    size.current < nearlyTwice * size.base;
    size = await aofSizes(state)
  ) {
    await state.newsroom.liveDay({ lines: roundLines })
    if ((await aofSizes(state)).base > size.base * 1.05) break
  }
  rows.push(await killed(state, 'just before the next rewrite'))
  console.log(
    markdownTable(
      ['state', 'used_memory MB', 'file MB', 'of it to replay, MB', 'median s', 'slowest s'],
      rows.map(({ name, used, current, base, seconds }) => [
        name,
        ...[used / 1e6, current / 1e6, (current - base) / 1e6, median(seconds), Math.max(...seconds)].map(
          short,
        ),
      ]),
    ),
  )
  const slowest = Math.max(...rows.flatMap(({ seconds }) => seconds))
  verdicts([['s until Redis is ready', slowest, '≤', targetS]])
}

/**
 * @param {import('./state.mjs').State} state
 * @param {string} name
 */
async function killed(state, name) {
  const sizes = await aofSizes(state)
  const { used } = await state.newsroom.memory()
  const seconds = []
  for (let kill = 0; kill < kills; kill++) {
    state.redis.kill('SIGKILL')
    await state.redis.exited
    const begun = performance.now()
    state.redis = await startRedis({ dataDir: state.dataDir, admin: true })
    seconds.push((performance.now() - begun) / 1000)
  }
  return { name, used, ...sizes, seconds }
}

/** @param {import('./state.mjs').State} state */
async function aofSizes({ newsroom }) {
  const info = await newsroom.store.redis.info('persistence')
  const of = (/** @type {string} */ name) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0)
  const isRewriting = of('aof_rewrite_in_progress') + of('aof_rewrite_scheduled') > 0
  return { current: of('aof_current_size'), base: of('aof_base_size'), isRewriting }
}

/** @param {import('./state.mjs').State} state */
async function rewritten(state) {
  await untilIdle(state)
  await state.newsroom.store.redis.bgrewriteaof()
  await untilIdle(state)
}

/** @param {import('./state.mjs').State} state */
async function untilIdle(state) {
  for (const limit = Date.now() + rewriteLimitMs; (await aofSizes(state)).isRewriting; await pause(100))
    if (Date.now() > limit) throw new Error('Redis has not rewritten its file')
}
