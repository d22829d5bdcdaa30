/**
 * `npm run bench:soak`: ten minutes with readers of every kind on one gateway. Memory must not grow, and no reader may
 * lose an event. Options: --minutes 10, --readers 2000, --rate 50.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startRedis } from '../scripts/support/redis-server.mjs'
import { build, installDependencies } from '../scripts/support/set-up.mjs'
import { contenders } from './contenders/contenders.mjs'
import { Stage } from './stage.mjs'
import { machineName, markdownTable, median, short } from './support/machine.mjs'
import { pinToCores } from './support/pin.mjs'

const roundSeconds = 30
/** Share of the first rounds, which fill the log in memory and warm up the compiler. */
const warmUpShare = 0.3

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    readers: { type: 'string', default: '2000' },
    rate: { type: 'string', default: '50' },
    dist: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
  },
})
const count = Number(options.readers)
const rate = Number(options.rate)
const rounds = Math.max(3, Math.round((Number(options.minutes) * 60) / roundSeconds))

await installDependencies()
await build({ log: () => undefined })
const [flashline] = contenders
if (!flashline) throw new Error('the list of contenders is empty')
const dir = await mkdtemp(join(tmpdir(), 'flashline-soak-'))
const redis = await startRedis({ dataDir: join(dir, 'redis'), prefix: 'b*', admin: true })
const environment = {
  redisUrl: redis.urlFor('admin'),
  roleUrls: redis.roleUrls(),
  redisPid: redis.pid,
  dist: resolve(options.dist),
  cores: pinToCores(),
}
// Slow readers stay connected to the end, and the log in memory is full after the warm-up.
const env = { ...flashline.env, SLOW_READER_MS: '3600000', RESUME_EVENTS: '2000' }
const stage = new Stage({ ...flashline, env }, environment)
try {
  await stage.open()
  await stage.connect({ count, stalled: count * 0.05, trickle: count * 0.05 })
  report(await soak())
} finally {
  await stage.close()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
}

async function soak() {
  const rows = []
  for (let round = 1; round <= rounds; round++) {
    const measured = await stage.measure({ rate, seconds: roundSeconds })
    const rssKb = await stage.rssKb()
    rows.push({ round, rssKb, ...measured })
    console.log(
      `${round}/${rounds}: ${measured.events} deliveries, p99 ${short(measured.latency.p99)} ms, ${Math.round(rssKb / 1024)} MB`,
    )
  }
  return rows
}

/** @param {Awaited<ReturnType<typeof soak>>} rows */
function report(rows) {
  const settled = rows.slice(Math.floor(rows.length * warmUpShare))
  const third = Math.max(1, Math.floor(settled.length / 3))
  const early = median(settled.slice(0, third).map(({ rssKb }) => rssKb))
  const late = median(settled.slice(-third).map(({ rssKb }) => rssKb))
  const sum = (/** @type {'gaps' | 'repeats' | 'closed'} */ field) =>
    rows.reduce((total, row) => total + row[field], 0)
  console.log(`\n${machineName()}\n`)
  console.log(
    markdownTable(
      [
        'readers',
        'events/s',
        'minutes',
        'RSS early',
        'RSS late',
        'late ÷ early',
        'gaps',
        'repeats',
        'closed',
      ],
      [
        [
          String(count),
          String(rate),
          short((rounds * roundSeconds) / 60),
          `${Math.round(early / 1024)} MB`,
          `${Math.round(late / 1024)} MB`,
          (late / early).toFixed(3),
          String(sum('gaps')),
          String(sum('repeats')),
          String(sum('closed')),
        ],
      ],
    ),
  )
}
