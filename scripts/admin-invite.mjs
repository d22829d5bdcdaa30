/**
 * `npm run admin:invite`: invites an admin without an approval. `npm run admin:invite -- --help` has details.
 */
import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { runScript, setUp } from './support/run-script.mjs'
import { connectToService, Refusal } from './support/service-redis.mjs'

const help = `npm run -s admin:invite -- --email <address>

Invites an admin of all feeds, for the case that no second admin is left who could approve. Prints the token of the
invitation, which makes the account once, within 72 hours. The address must not have an account.

The audit of people and keys gets an entry "invited" of the person "operator", with the name of the user who ran this.

Reads the Redis of REDIS_URL_API or REDIS_URL, or else of a running npm start.

Exit code: 0 the token was printed; 2 nobody was invited.`

await runScript(main)

/** @param {string[]} args */
async function main(args) {
  const { values } = parseArgs({ args, options: { email: { type: 'string' }, help: { type: 'boolean' } } })
  if (values.help) {
    console.log(help)
    return 0
  }
  await setUp()
  const { openStore, inviteAdmin, emailSchema } = await builtParts()
  const email = emailSchema.safeParse(values.email)
  if (!email.success) throw new Refusal('--email takes the address of the new admin')
  const redis = await connectToService()
  try {
    const store = openStore(redis, { prefix: process.env['REDIS_PREFIX'] || 'fl', keptEvents: 1 })
    const invited = await inviteAdmin(store, email.data, userInfo().username)
    if (typeof invited === 'string') throw new Refusal(`${email.data} has an account: take another address`)
    console.log(invited.token)
  } finally {
    redis.disconnect()
  }
}

async function builtParts() {
  const load = (/** @type {string} */ file) => import(new URL(`../dist/src/${file}`, import.meta.url).href)
  /** @type {typeof import('../src/eventlog/store/store.ts')} */
  const { openStore } = await load('eventlog/store/store.js')
  /** @type {typeof import('../src/people/invite-admin.ts')} */
  const { inviteAdmin } = await load('people/invite-admin.js')
  /** @type {typeof import('../src/protocol/people-requests.ts')} */
  const { emailSchema } = await load('protocol/people-requests.js')
  return { openStore, inviteAdmin, emailSchema }
}
