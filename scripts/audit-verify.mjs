/**
 * `npm run audit:verify`: computes every hash chain of the audit again. `npm run audit:verify -- --help` has details.
 */
import { parseArgs } from 'node:util'
import { runScript, setUp } from './support/run-script.mjs'
import { openServiceArchive } from './support/service-archive.mjs'
import { connectToService, Refusal } from './support/service-redis.mjs'

const help = `npm run audit:verify [-- --expect <scope>:<n>:<chain> …]

Checks the audit of every feed, and the audit of people and keys (scope "desk"). Prints for each of them the newest entry
as <scope>:<n>:<chain>, and "ok" or the first faulty entry: "changed" (the entry or its order was changed), "missing",
or "content" (a saved text of its headline was changed). Entries "log-forked" are named on the error output: Redis has
lost events, because an older copy of the data was restored or a replica without them took over.

Reads the Redis of REDIS_URL_API or REDIS_URL, or else of a running npm start, and the archive of ARCHIVE_URL, to which
older entries are moved. Safe while the service runs. Of an entry that is erased, only the chain hash can be checked.

A person who can write to Redis can rewrite a whole chain with its head, and this check would not find it. Keep the
printed heads on another computer and compare them: --expect takes a head as it was printed, and may be repeated.

Exit code: 0 no faults; 1 faults were found; 2 the audit could not be read.`

await runScript(main)

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function main(args) {
  const { values } = parseArgs({
    args,
    options: { expect: { type: 'string', multiple: true, default: [] }, help: { type: 'boolean' } },
  })
  if (values.help) {
    console.log(help)
    return 0
  }
  const known = values.expect.map(headOf)
  await setUp()
  const redis = await connectToService()
  try {
    return await verifyAll(redis, known)
  } finally {
    redis.disconnect()
  }
}

/**
 * @typedef {{ scope: string, n: number, chain: string }} Head
 *
 * @param {string} text
 * @returns {Head}
 */
function headOf(text) {
  const [, scope = '', n = '', chain = ''] = /^([a-z][a-z0-9-]*):(\d+):([0-9a-f]{40})$/.exec(text) ?? []
  if (!scope) throw new Refusal(`--expect takes <scope>:<n>:<chain> as it was printed, not "${text}"`)
  return { scope, n: Number(n), chain }
}

/**
 * @param {import('ioredis').Redis} redis
 * @param {Head[]} known
 * @returns {Promise<number>} the exit code
 */
async function verifyAll(redis, known) {
  const { openStore, walkAudit, readArchives } = await builtParts()
  const store = openStore(redis, { prefix: process.env['REDIS_PREFIX'] || 'fl', keptEvents: 1 })
  const feeds = await redis.smembers(store.keys.feeds)
  const scopes = new Set(['desk', ...feeds.sort(), ...known.map(({ scope }) => scope)])
  const [bound] = (await readArchives(store, [...scopes])).filter(Boolean)
  const archive = bound === undefined ? undefined : await openServiceArchive(bound)
  let faults = 0
  for (const scope of scopes) {
    const knownOfScope = known.filter((head) => head.scope === scope)
    const { head, fault, forks, erased, gone } = await walkAudit(store, scope, knownOfScope, archive)
    if (fault) faults++
    for (const { n, at, detail } of forks)
      console.error(
        `${scope}: entry ${n} of ${at}: Redis has lost events and entries of this audit; ${detail?.['missing']} is gone, the log goes on at ${detail?.['position']}`,
      )
    if (gone > 0) console.error(`${scope}: the first ${gone} entries were in an archive that is lost`)
    if (erased > 0) console.error(`${scope}: ${erased} entries are erased, wholly or in part`)
    console.log(`${scope}:${head.n}:${head.chain} ${fault ? `entry ${fault.n}: ${fault.fault}` : 'ok'}`)
  }
  await archive?.close()
  return faults === 0 ? 0 : 1
}

async function builtParts() {
  const load = (/** @type {string} */ file) =>
    import(new URL(`../dist/src/eventlog/${file}`, import.meta.url).href)
  /** @type {typeof import('../src/eventlog/store/store.ts')} */
  const { openStore } = await load('store/store.js')
  /** @type {typeof import('../src/eventlog/audit/walk-audit.ts')} */
  const { walkAudit } = await load('audit/walk-audit.js')
  /** @type {typeof import('../src/eventlog/ended/claim-archive.ts')} */
  const { readArchives } = await load('ended/claim-archive.js')
  return { openStore, walkAudit, readArchives }
}
