/** `npm run bench:archive`: what the archive does for Redis, and what it costs. Prints Markdown; see `help`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, installDependencies } from '../scripts/support/set-up.mjs'
import { openContext } from './archive/context.mjs'
import { latency } from './archive/latency.mjs'
import { memory } from './archive/memory.mjs'
import { move } from './archive/move.mjs'
import { Texts } from './archive/past-line.mjs'
import { ready } from './archive/ready.mjs'
import { searchLibsql, searchPostgres } from './archive/search.mjs'
import { loadServiceCode } from './archive/service-code.mjs'
import { full, quick } from './archive/sizes.mjs'
import { start } from './archive/start.mjs'
import { machineName } from './support/machine.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
/** In this order: a cell may leave more data in the state of three years. */
const cells = {
  ...{ memory, start, latency, ready },
  ...{ 'search-libsql': searchLibsql, 'search-postgres': searchPostgres, move },
}
/** Its 10 million lines are made in about 40 minutes and take 30 GB of disk. */
const onlyWhereNamed = ['search-postgres']
const help = `npm run bench:archive -- [options]
  --quick           few lines in few feeds: shows that every cell runs, not how fast
  --cells <name,…>  of ${Object.keys(cells).join(', ')}; without it all but ${onlyWhereNamed.join(', ')}
  --data <folder>   keeps the made databases for the next run
  --lines <n>       of past years in libsql, instead of 1,000,000
  --dist <folder>   another build of Flashline`
const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    cells: { type: 'string', default: '' },
    data: { type: 'string' },
    lines: { type: 'string' },
    dist: { type: 'string', default: join(projectRoot, 'dist') },
  },
})

if (options.help) console.log(help)
else await main()

async function main() {
  const byDefault = Object.keys(cells).filter((name) => !onlyWhereNamed.includes(name))
  const chosen = options.cells === '' ? byDefault : options.cells.split(',')
  const unknown = chosen.filter((name) => !(name in cells))
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}.\n${help}`)
  // Each child process adds a listener to the exit of this process.
  process.setMaxListeners(100)
  await installDependencies()
  await build({ log: () => undefined })
  const dist = resolve(options.dist)
  const code = await loadServiceCode(dist)
  const workFolder = await mkdtemp(join(tmpdir(), 'flashline-archive-bench-'))
  const usual = options.quick ? quick : full
  const sizes = { ...usual, ...(options.lines !== undefined && { searchedLines: Number(options.lines) }) }
  const context = openContext({
    ...{ code, dist, workFolder, texts: new Texts(code.indexTerms), sizes },
    dataFolder: resolve(options.data ?? workFolder),
  })
  try {
    console.log(`Measured on ${machineName()}; Redis with appendfsync always.`)
    for (const [name, cell] of Object.entries(cells)) if (chosen.includes(name)) await cell(context)
  } finally {
    await context.stop()
    await rm(workFolder, { recursive: true, force: true })
  }
}
