/**
 * `npm run bench`: the gateway against what else one could run, on this machine. Prints Markdown.
 * Options: --quick (about 3 minutes instead of 40), --only flashline,ws-loop, --cells matrix,slow,growth,feeds,filters,log,storm,
 * --rates 5,800 (of the matrix), --dist <folder> (another build of Flashline).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startRedis } from '../scripts/redis-server.mjs'
import { build, installDependencies } from '../scripts/set-up.mjs'
import { contenders } from './contenders/contenders.mjs'
import { Stage } from './stage.mjs'
import { machineName, markdownTable, median, short } from './support/machine.mjs'
import { pinToCores } from './support/pin.mjs'
import { fillLog, redisReads } from './support/redis-facts.mjs'
import { hasRival, uwsPackage } from './support/rival.mjs'
import { facetBytes } from './support/sent-event.mjs'

/** @typedef {import('./contenders/contenders.mjs').Contender} Contender */
/** @typedef {Awaited<ReturnType<Stage['measure']>>} Measured */

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const matrixReaders = 2000
const warmUp = { rate: 20, seconds: 1 }
/** What lasts so long has one heartbeat of flashline in it, neither none nor two. */
const heartbeatSeconds = 15

const cells = { matrix, slow, growth, feeds, filters, log, storm }

const options = readOptions()
const quick = options.quick
const flashline = /** @type {Contender} */ (contenders.find(({ name }) => name === 'flashline'))

await main()

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      cells: { type: 'string', default: '' },
      rates: { type: 'string', default: '' },
      dist: { type: 'string', default: join(projectRoot, 'dist') },
    },
  })
  return values
}

async function main() {
  await installDependencies()
  await build()
  const cores = pinToCores()
  const dir = await mkdtemp(join(tmpdir(), 'flashline-bench-'))
  const redis = await startRedis({ dataDir: join(dir, 'redis'), prefix: 'b*', admin: true })
  const ground = {
    redisUrl: redis.urlFor('admin'),
    roleUrls: redis.roleUrls(),
    redisPid: redis.pid,
    dist: resolve(options.dist),
    cores,
  }
  const chosen = options.cells === '' ? Object.keys(cells) : options.cells.split(',')
  try {
    console.log(`Measured on ${machineName()}.`)
    console.log(
      cores.server === undefined
        ? 'Processes are not pinned: there is no taskset, or only one core.'
        : `The server has core ${cores.server} to itself; readers, publisher and Redis share core ${cores.others}.`,
    )
    for (const [name, cell] of Object.entries(cells)) if (chosen.includes(name)) await cell(ground)
  } finally {
    await redis.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

/** @typedef {{ redisUrl: string, roleUrls: Record<string, string>, redisPid: number, dist: string, cores: import('./support/pin.mjs').Cores }} Ground */

/** Those asked for that are installed here. */
function competitors() {
  const asked =
    options.only === '' ? contenders : contenders.filter(({ name }) => options.only.split(',').includes(name))
  return asked.filter(({ name }) => {
    const needed = { 'socket.io': ['socket.io'], uws: ['20', '22', '24'].map(uwsPackage) }[name]
    if (!needed || needed.some(hasRival)) return true
    console.log(`\n${name} is left out: it is not installed (npm ci --prefix bench).`)
    return false
  })
}

/**
 * @template T
 * @param {Contender} contender
 * @param {Ground & { feeds?: number, sections?: number, prefix?: string }} ground
 * @param {(stage: Stage) => Promise<T>} task
 * @returns {Promise<T>}
 */
async function on(contender, ground, task) {
  const stage = new Stage(contender, ground)
  try {
    return await task(await stage.open())
  } finally {
    await stage.close()
  }
}

/** 2,000 readers of one feed. @param {Ground} ground */
async function matrix(ground) {
  const rates =
    options.rates === '' ? (quick ? [5, 800] : [5, 100, 400, 800]) : options.rates.split(',').map(Number)
  const rounds = quick ? 1 : 3
  const seconds = quick ? 3 : 5
  const longer = quick ? 3 : heartbeatSeconds
  /** @type {Map<string, Measured[]>} */
  const found = new Map()
  const all = competitors()
  // Contenders take turns, so that a noisy minute of the machine hits all of them.
  for (let round = 0; round < rounds; round++)
    for (const contender of all) {
      // One round shows how far an overloaded server stays behind.
      const open = rates.filter((rate) => round === 0 || !lagged(found.get(`${contender.name} ${rate}`)?.[0]))
      while (open.length > 0)
        await on(contender, ground, async (stage) => {
          await stage.connect({ count: matrixReaders })
          // The code of a heartbeat is warm, too.
          await stage.publish(quick ? warmUp : { ...warmUp, seconds: heartbeatSeconds })
          for (let rate = open.shift(); rate !== undefined; rate = open.shift()) {
            const measured = await stage.measure({ rate, seconds: rate < 20 ? longer : seconds })
            const key = `${contender.name} ${rate}`
            found.set(key, [...(found.get(key) ?? []), measured])
            // It would take its backlog into the next measurement: that one gets a server of its own.
            if (lagged(measured)) return
          }
        })
    }
  const rows = rates.flatMap((rate) =>
    all.map(({ name }) => {
      const runs = found.get(`${name} ${rate}`) ?? []
      const of = (/** @type {(run: Measured) => number} */ pick) => median(runs.map(pick))
      return [
        name,
        rate,
        short(of((run) => run.cpuPerDeliveryUs)),
        short(of((run) => run.userPerDeliveryUs)),
        short(of((run) => run.perSecond)),
        short(of((run) => (100 * run.events) / (run.sent * matrixReaders))),
        short(of((run) => run.latency.p50)),
        short(of((run) => run.latency.p99)),
        short(of((run) => run.latency.max)),
        blockedOr(of((run) => run.loop.p99)),
        share(of((run) => run.serverShare)),
        share(of((run) => run.readerShare)),
        share(of((run) => run.readerCoreShare)),
        share(of((run) => run.othersShare)),
      ]
    }),
  )
  heading(
    `${matrixReaders.toLocaleString('en')} readers of one feed, events of 340 bytes`,
    `CPU is that of the server process. Medians of ${rounds} round(s). Readers, not the server, are the limit where their core is busy and the server’s is not. Other work is what the machine did besides, in shares of a core.`,
  )
  console.log(
    markdownTable(
      [
        'contender',
        'events/s',
        'CPU µs/delivery',
        'of it user',
        'deliveries/s',
        'delivered %',
        'p50 ms',
        'p99 ms',
        'max ms',
        'loop delay p99 ms',
        'server CPU',
        'readers CPU',
        'their core busy',
        'other work',
      ],
      rows,
    ),
  )
  const cpu = (/** @type {string} */ name, /** @type {number} */ rate) =>
    median((found.get(`${name} ${rate}`) ?? []).map((run) => run.cpuPerDeliveryUs))
  const speed = (/** @type {string} */ name, /** @type {number} */ rate) =>
    median((found.get(`${name} ${rate}`) ?? []).map((run) => run.perSecond))
  verdicts([
    ['CPU per delivery at 5 events/s, of ws-loop', cpu('flashline', 5) / cpu('ws-loop', 5), '≤', 0.75],
    ['CPU per delivery at 5 events/s, of socket.io', cpu('flashline', 5) / cpu('socket.io', 5), '≤', 0.6],
    ['deliveries/s at 800 events/s, of ws-loop', speed('flashline', 800) / speed('ws-loop', 800), '≥', 10],
    // Both can deliver everything: what is under way at the end makes a hundredth of difference.
    ['deliveries/s at 800 events/s, of uws', speed('flashline', 800) / speed('uws', 800), '≥', 0.98],
    [
      'p99 at 800 events/s, ms',
      median((found.get('flashline 800') ?? []).map((run) => run.latency.p99)),
      '≤',
      200,
    ],
  ])
}

/** @param {Measured | undefined} run */
function lagged(run) {
  return run !== undefined && run.events < 0.8 * run.sent * matrixReaders
}

/** What slow readers cost the others. Long events, so that the kernel's buffers are full soon. @param {Ground} ground */
async function slow(ground) {
  const count = 100
  const load = { rate: 400, seconds: quick ? 5 : 12, extraBytes: 2000 }
  const rounds = quick ? 1 : 3
  const chosen = competitors().filter(({ name }) => !quick || ['flashline', 'ws-loop'].includes(name))
  const cases = chosen.flatMap((contender) =>
    [0, 5].map((stalled) => ({
      contender,
      crowd: { count, stalled, trickle: stalled },
      runs: /** @type {(Measured & { grownKb: number })[]} */ ([]),
    })),
  )
  for (let round = 0; round < rounds; round++)
    for (const { contender, crowd, runs } of cases)
      await on(contender, ground, async (stage) => {
        await stage.connect(crowd)
        const before = await stage.rssKb()
        const run = await stage.measure(load)
        runs.push({ ...run, grownKb: (await stage.rssKb()) - before })
      })
  const rows = cases.map(({ contender, crowd, runs }) => {
    const of = (/** @type {(run: Measured & { grownKb: number }) => number} */ pick) => median(runs.map(pick))
    return [
      contender.name,
      crowd.stalled === 0 ? 'none' : '5 % stalled, 5 % at 1 KB/s',
      short(of((run) => run.latency.p50)),
      short(of((run) => run.latency.p99)),
      short(of((run) => run.latency.max)),
      short(of((run) => run.cpuPerDeliveryUs)),
      short(of((run) => run.grownKb / 1024)),
      share(of((run) => run.serverShare)),
      share(of((run) => run.readerCoreShare)),
      share(of((run) => run.othersShare)),
    ]
  })
  const p99 = (/** @type {number} */ stalled) =>
    median(
      cases
        .filter(({ contender, crowd }) => contender.name === 'flashline' && crowd.stalled === stalled)
        .flatMap(({ runs }) => runs.map((run) => run.latency.p99)),
    )
  heading(
    'Slow readers',
    `${count} readers, ${load.rate} events/s of 2.3 KB for ${load.seconds} s; latency is that of the prompt readers. Medians of ${rounds} round(s).`,
  )
  console.log(
    markdownTable(
      [
        'contender',
        'slow readers',
        'p50 ms',
        'p99 ms',
        'max ms',
        'CPU µs/delivery',
        'memory grown MB',
        'server CPU',
        'readers’ core busy',
        'other work',
      ],
      rows,
    ),
  )
  verdicts([['p99 of the others with slow readers, of that without', p99(5) / p99(0), '≤', 1.15]])
}

/** The same deliveries a second to more and more readers. @param {Ground} ground */
async function growth(ground) {
  const steps = quick ? [1000, 5000] : [1000, 5000, 10_000, 15_000, 18_000]
  const perSecond = 30_000
  const rounds = quick ? 1 : 3
  const cases = competitors()
    .filter(({ name }) => !quick || name === 'flashline')
    .flatMap((contender) =>
      steps.map((count) => ({
        contender,
        count,
        runs: /** @type {(Measured & { idleKb: number })[]} */ ([]),
      })),
    )
  for (let round = 0; round < rounds; round++)
    for (const contender of new Set(cases.map((one) => one.contender))) {
      // Only our own growth has a target.
      if (round > 0 && contender !== flashline) continue
      await on(contender, ground, async (stage) => {
        let connected = 0
        for (const { count, runs } of cases.filter((one) => one.contender === contender)) {
          await stage.connect({ count: count - connected })
          connected = count
          await stage.publish(warmUp)
          const idleKb = await stage.rssKb()
          const run = await stage.measure({
            rate: perSecond / count,
            seconds: quick ? 4 : heartbeatSeconds,
          })
          runs.push({ ...run, idleKb })
        }
      })
    }
  const of = (
    /** @type {(Measured & { idleKb: number })[]} */ runs,
    /** @type {(run: Measured & { idleKb: number }) => number} */ pick,
  ) => median(runs.map(pick))
  heading(
    'More readers',
    `30,000 deliveries/s to all of them together; memory after a garbage collection. Medians of ${rounds} round(s) of flashline, and one of the others.`,
  )
  console.log(
    markdownTable(
      [
        'contender',
        'readers',
        'CPU µs/delivery',
        'of it user',
        'p50 ms',
        'p99 ms',
        'loop delay p99 ms',
        'max',
        'RSS MB',
        'delivered %',
        'other work',
      ],
      cases.map(({ contender, count, runs }) => [
        contender.name,
        count.toLocaleString('en'),
        short(of(runs, (run) => run.cpuPerDeliveryUs)),
        short(of(runs, (run) => run.userPerDeliveryUs)),
        short(of(runs, (run) => run.latency.p50)),
        short(of(runs, (run) => run.latency.p99)),
        short(of(runs, (run) => run.loop.p99)),
        short(of(runs, (run) => run.loop.max)),
        short(of(runs, (run) => run.idleKb / 1024)),
        short(of(runs, (run) => (100 * run.events) / (run.sent * count))),
        share(of(runs, (run) => run.othersShare)),
      ]),
    ),
  )
  const ours = cases.filter(({ contender }) => contender.name === 'flashline')
  const [few] = ours
  const many = ours.find(({ count }) => count === 15_000) ?? ours.at(-1)
  if (!few || !many) return
  const cpu = (/** @type {typeof few} */ { runs }) => of(runs, (run) => run.cpuPerDeliveryUs)
  const grownKb = of(many.runs, (run) => run.idleKb) - of(few.runs, (run) => run.idleKb)
  verdicts([
    [`CPU per delivery at ${many.count} readers, of that at ${few.count}`, cpu(many) / cpu(few), '≤', 1.2],
    [
      `kB for one idle connection (${few.count} to ${many.count})`,
      grownKb / (many.count - few.count),
      '≤',
      10,
    ],
    [`loop delay p99 at ${many.count} readers, ms`, of(many.runs, (run) => run.loop.p99), '≤', 25],
  ])
}

/** Ten readers a feed, as many events a second over all feeds together. @param {Ground} ground */
async function feeds(ground) {
  /** @type {string[][]} */
  const rows = []
  for (const count of quick ? [1, 50] : [1, 20, 200]) {
    await on(flashline, { ...ground, feeds: count }, async (stage) => {
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

/** 2,000 readers of one feed, spread over more and more filters. @param {Ground} ground */
async function filters(ground) {
  const contender = { ...flashline, dialect: { ...flashline.dialect, after: facetBytes } }
  const counts = [1, 10, 100]
  const cases = ['every event', 'every second event'].flatMap((passes) =>
    counts.map((count) => ({ passes, count, runs: /** @type {Measured[]} */ ([]) })),
  )
  const rounds = quick ? 1 : 3
  for (let round = 0; round < rounds; round++)
    for (const { passes, count, runs } of cases) {
      const queries = Array.from({ length: count }, (_, index) => filterQuery(index, passes))
      await on(contender, { ...ground, sections: 2 }, async (stage) => {
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
    `${matrixReaders.toLocaleString('en')} readers of one feed, 20 events/s; medians of ${rounds} round(s). The events are corrections: a line that does not pass is taken away, which is a delivery too.`,
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
        .filter((one) => one.passes === passes && one.count === count)
        .flatMap(({ runs }) => runs.map((run) => run.cpuPerDeliveryUs)),
    )
  verdicts(
    ['every event', 'every second event'].map((passes) => [
      `CPU per delivery with ${counts.at(-1)} filters that let ${passes} pass, of that with one`,
      cpu(passes, counts.at(-1)) / cpu(passes, 1),
      '≤',
      1.2,
    ]),
  )
}

/**
 * One of 300 filters by section, region and urgency; the events are bulletins of s0 and s1 in turn, of region r0.
 *
 * @param {number} index
 * @param {string} passes 'every event', or every second one
 */
function filterQuery(index, passes) {
  const sections = passes === 'every event' ? 's0,s1' : `s${index % 2}`
  const urgency = ['bulletin', 'urgent', 'routine'][index % 3]
  return `section=${sections},x${index % 10}&region=r0,y${Math.floor(index / 10)}&urgency=${urgency}`
}

/** @param {Ground} ground */
async function log(ground) {
  /** @type {string[][]} */
  const rows = []
  const sizes = quick ? [1000, 100_000] : [1000, 10_000, 100_000, 1_000_000]
  const prefix = `b${process.pid}-log`
  const stage = new Stage(flashline, { ...ground, prefix })
  try {
    await stage.open()
    for (const size of sizes) {
      await fillLog(ground.redisUrl, prefix, 'bench0', size)
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
  heading('A longer log', 'From the start of a gateway process to its first 200 at /readyz.')
  console.log(markdownTable(['events in the log', 'start ms', 'RSS MB'], rows))
}

/**
 * Every reader loses its connection at the same moment and comes back with its position. The plain loop, which keeps no
 * place, shows what the handshakes alone cost.
 *
 * @param {Ground} ground
 */
async function storm(ground) {
  const count = quick ? 4000 : 15_000
  const missed = 20
  const cases = competitors()
    .filter(({ name }) => name === 'flashline' || name === 'ws-loop')
    .map((contender) => ({
      contender,
      missed: contender === flashline ? missed : 0,
      runs: /** @type {Awaited<ReturnType<Stage['storm']>>[]} */ ([]),
    }))
  const rounds = quick ? 1 : 2
  const storms = quick ? 2 : 4
  for (let round = 0; round < rounds; round++)
    for (const { contender, missed, runs } of cases)
      await on(contender, ground, async (stage) => {
        await stage.connect({ count })
        await stage.publish(warmUp)
        for (let storm = 0; storm < storms; storm++)
          runs.push(await stage.storm({ missed, reads: () => redisReads(ground.redisUrl) }))
      })
  heading(
    'Resume storm',
    `${count.toLocaleString('en')} readers are cut at once, miss ${missed} events and resume, ${storms} times with each of ${rounds} process(es); those of ws-loop only connect again. Readers are the limit where their core is busy and the server’s is not.`,
  )
  console.log(
    markdownTable(
      [
        'contender',
        'until all are whole, s',
        'server CPU s',
        'per s',
        'per s of CPU',
        'events lost',
        'resets',
        'Redis reads per reader',
        'server CPU',
        'readers’ core busy',
        'other work',
      ],
      cases.flatMap(({ contender, runs }) =>
        runs.map((run) => [
          contender.name,
          short(run.wallMs / 1000),
          short(run.serverCpuMs / 1000),
          short(count / (run.wallMs / 1000)),
          short(count / (run.serverCpuMs / 1000)),
          String(run.lost),
          String(run.resets),
          short(run.reads / count),
          share(run.serverShare),
          share(run.readerCoreShare),
          share(run.othersShare),
        ]),
      ),
    ),
  )
  const ours = cases.find(({ contender }) => contender === flashline)?.runs ?? []
  const bare = cases.find(({ contender }) => contender !== flashline)?.runs ?? []
  const perSecond = (/** @type {typeof ours} */ runs) =>
    median(runs.map(({ wallMs }) => count / (wallMs / 1000)))
  const perCpu = (/** @type {typeof ours} */ runs) =>
    median(runs.map(({ serverCpuMs }) => count / (serverCpuMs / 1000)))
  if (ours.length === 0) return
  verdicts([
    ['resumes a second', perSecond(ours), '≥', 10_000],
    ['resumes per second of CPU', perCpu(ours), '≥', 10_000],
    ['events lost', ours.reduce((sum, { lost }) => sum + Math.abs(lost), 0), '≤', 0],
    ['Redis reads per reader', Math.max(...ours.map(({ reads }) => reads / count)), '≤', 0.01],
  ])
  if (bare.length > 0)
    console.log(
      `- resumes per second of CPU, of the handshakes of ws-loop: ${short(perCpu(ours) / perCpu(bare))}`,
    )
}

/**
 * @param {string} title
 * @param {string} text
 */
function heading(title, text) {
  console.log(`\n### ${title}\n\n${text}\n`)
}

/** @param {[what: string, value: number, relation: '≤' | '≥', target: number][]} list */
function verdicts(list) {
  console.log()
  for (const [what, value, relation, target] of list) {
    if (!Number.isFinite(value)) continue
    const meets = relation === '≤' ? value <= target : value >= target
    console.log(
      `- ${meets ? 'pass' : 'falls short'}: ${what}: ${short(value)} (target ${relation} ${target.toLocaleString('en')})`,
    )
  }
}

/** @param {number} ms Infinity where the server did not even answer */
function blockedOr(ms) {
  return ms === Infinity ? '> 3,000' : short(ms)
}

/** @param {number} part */
function share(part) {
  return Number.isFinite(part) ? `${Math.max(0, Math.round(part * 100))} %` : '–'
}
