/**
 * `npm run archive:adopt`: goes on with another archive. `npm run archive:adopt -- --help` has details.
 */
import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { runScript, setUp } from './support/run-script.mjs'
import { openPresentArchive } from './support/service-archive.mjs'
import { connectToService, Refusal } from './support/service-redis.mjs'

const help = `npm run -s archive:adopt -- --lost

Binds all feeds to the archive that ARCHIVE_URL names now, because the one with their past headlines is lost for good:
its headlines, and the part of the audit that only it had, are gone. Restore its backup instead, if there is one.

Each feed, and the audit of people and keys, gets an entry "archive-adopted" of the person "operator", with the name of
the user who ran this. Prints for each of them how many entries of its audit are gone. Safe while the service runs: start
it with the new ARCHIVE_URL first.

--lost says that you know of the loss. Exit code: 0 done; 2 nothing was done.`

await runScript(main)

/** @param {string[]} args */
async function main(args) {
  const { values } = parseArgs({ args, options: { lost: { type: 'boolean' }, help: { type: 'boolean' } } })
  if (values.help) {
    console.log(help)
    return 0
  }
  if (!values.lost) throw new Refusal('Nothing is done without --lost; --help says what is lost')
  await setUp()
  const redis = await connectToService()
  try {
    await adoptAll(redis)
  } finally {
    redis.disconnect()
  }
}

/** @param {import('ioredis').Redis} redis */
async function adoptAll(redis) {
  const { openStore, adoptArchive } = await builtParts()
  const store = openStore(redis, { prefix: process.env['REDIS_PREFIX'] || 'fl', keptEvents: 1 })
  const archive = await openPresentArchive('The service makes the new archive at its start')
  try {
    const feeds = await redis.smembers(store.keys.feeds)
    for (const scope of ['desk', ...feeds.sort()]) {
      const gone = await adoptArchive(store, scope, archive.identity, userInfo().username)
      const text = gone === 'same' ? 'nothing to do' : `bound; ${gone} entries of its audit are gone`
      console.log(`${scope}: ${text}`)
    }
  } finally {
    await archive.close()
  }
}

async function builtParts() {
  const load = (/** @type {string} */ file) =>
    import(new URL(`../dist/src/eventlog/${file}`, import.meta.url).href)
  /** @type {typeof import('../src/eventlog/store/store.ts')} */
  const { openStore } = await load('store/store.js')
  /** @type {typeof import('../src/eventlog/ended/claim-archive.ts')} */
  const { adoptArchive } = await load('ended/claim-archive.js')
  return { openStore, adoptArchive }
}
