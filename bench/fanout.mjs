/** `npm run bench`: compares the gateway with other servers on this machine. Prints Markdown; see `help`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startRedis } from '../scripts/support/redis-server.mjs'
import { build, installDependencies } from '../scripts/support/set-up.mjs'
import { feeds } from './cells/feeds.mjs'
import { filters } from './cells/filters.mjs'
import { growth } from './cells/growth.mjs'
import { log } from './cells/log.mjs'
import { matrix } from './cells/matrix.mjs'
import { single } from './cells/single.mjs'
import { slow } from './cells/slow.mjs'
import { storm } from './cells/storm.mjs'
import { streams } from './cells/streams.mjs'
import { contenders } from './contenders/contenders.mjs'
import { machineName } from './support/machine.mjs'
import { pinToCores } from './support/pin.mjs'
import { hasRival, uwsPackage } from './support/rival.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const cells = { single, matrix, slow, growth, streams, feeds, filters, log, storm }
const help = `npm run bench -- [options]
  --quick                   about 3 minutes instead of 30
  --cells <name,…>          of ${Object.keys(cells).join(', ')}
  --only <name,…>           of ${contenders.map(({ name }) => name).join(', ')}
  --rates <events/s,…>      of the matrix
  --dist <folder>           another build of Flashline`
const options = readOptions()

if (options.help) console.log(help)
else await main()

function readOptions() {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
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
  const chosen = options.cells === '' ? Object.keys(cells) : options.cells.split(',')
  const unknown = chosen.filter((name) => !(name in cells))
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}.\n${help}`)
  // Each child process adds a listener to the exit of this process.
  process.setMaxListeners(50)
  await installDependencies()
  await build()
  const cores = pinToCores()
  const dir = await mkdtemp(join(tmpdir(), 'flashline-bench-'))
  const redis = await startRedis({ dataDir: join(dir, 'redis'), prefix: 'b*', admin: true })
  const environment = {
    redisUrl: redis.urlFor('admin'),
    roleUrls: redis.roleUrls(),
    redisPid: redis.pid,
    dist: resolve(options.dist),
    cores,
  }
  const rates = options.rates === '' ? undefined : options.rates.split(',').map(Number)
  const task = { environment, quick: options.quick, rates, competitors: competitors() }
  try {
    console.log(`Measured on ${machineName()}.`)
    console.log(
      cores.server === undefined
        ? 'Processes are not pinned to cores: taskset is missing, or there is only one core.'
        : `The server has core ${cores.server} to itself; readers, publisher and Redis share core ${cores.others}.`,
    )
    for (const [name, cell] of Object.entries(cells)) if (chosen.includes(name)) await cell(task)
  } finally {
    await redis.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

/** The selected contenders that are installed. */
function competitors() {
  const selected =
    options.only === '' ? contenders : contenders.filter(({ name }) => options.only.split(',').includes(name))
  return selected.filter(({ name }) => {
    const needed = { 'socket.io': ['socket.io'], uws: ['20', '22', '24'].map(uwsPackage) }[name]
    if (!needed || needed.some(hasRival)) return true
    console.log(`\n${name} is left out, because it is not installed (npm ci --prefix bench).`)
    return false
  })
}
