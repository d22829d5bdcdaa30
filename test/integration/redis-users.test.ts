import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { startRedis, type EmbeddedRedis } from '../../scripts/support/redis-server.mjs'
import { redisKeys, type RedisKeys } from '../../src/eventlog/store/redis-keys.ts'

/** The access of a user to a key. */
type Access = 'nothing' | 'read' | 'write'
type Table<Name extends PropertyKey> = Readonly<Record<Name, readonly [worker: Access, gateway: Access]>>
type FeedName = keyof ReturnType<RedisKeys['feed']>
type DeskName = keyof RedisKeys['desk']
type CommonName = Exclude<keyof RedisKeys, 'feed' | 'desk' | 'webhooks'>

/** The access of worker and gateway to each key; a new key must be added here. The api may write all of them. */
const feedKeys: Table<FeedName> = {
  definition: ['write', 'read'],
  head: ['write', 'read'],
  log: ['write', 'read'],
  strip: ['write', 'read'],
  takenBack: ['write', 'read'],
  states: ['write', 'nothing'],
  versions: ['write', 'nothing'],
  due: ['write', 'nothing'],
  changes: ['write', 'nothing'],
  places: ['write', 'nothing'],
  once: ['write', 'nothing'],
  policy: ['write', 'nothing'],
  templates: ['write', 'nothing'],
  frozenKeys: ['write', 'nothing'],
  pace: ['write', 'nothing'],
  text: ['write', 'nothing'],
  headlines: ['write', 'nothing'],
  status: ['write', 'nothing'],
  author: ['write', 'nothing'],
  word: ['write', 'nothing'],
  story: ['write', 'nothing'],
  edition: ['write', 'nothing'],
  released: ['write', 'nothing'],
  storyTodo: ['write', 'nothing'],
  attention: ['write', 'nothing'],
  duties: ['write', 'nothing'],
  archiving: ['write', 'nothing'],
  receipt: ['write', 'nothing'],
  audit: ['write', 'nothing'],
  auditHead: ['write', 'nothing'],
  presence: ['write', 'nothing'],
  seen: ['write', 'nothing'],
  live: ['write', 'nothing'],
  witness: ['write', 'nothing'],
  written: ['write', 'nothing'],
  desk: ['write', 'nothing'],
}
const deskKeys: Table<DeskName> = {
  accounts: ['nothing', 'nothing'],
  emails: ['nothing', 'nothing'],
  apiKeys: ['nothing', 'nothing'],
  invitations: ['nothing', 'nothing'],
  session: ['nothing', 'nothing'],
  sessionsOf: ['nothing', 'nothing'],
  duties: ['nothing', 'nothing'],
  scratch: ['nothing', 'nothing'],
  partners: ['nothing', 'nothing'],
  partnerAccess: ['nothing', 'read'],
  tokenKeys: ['nothing', 'nothing'],
  // The gateway adds its own counts by HSET, see below.
  partnerUsage: ['nothing', 'nothing'],
  webhookAccess: ['read', 'nothing'],
  failures: ['nothing', 'nothing'],
  audit: ['nothing', 'nothing'],
  auditHead: ['nothing', 'nothing'],
  desk: ['nothing', 'nothing'],
}
const webhookKeys: Table<keyof RedisKeys['webhooks']> = {
  state: ['write', 'nothing'],
  deliveries: ['write', 'nothing'],
  acks: ['write', 'nothing'],
}
const commonKeys: Table<CommonName> = {
  feeds: ['read', 'read'],
  rateLimits: ['nothing', 'nothing'],
  feedsChanged: ['nothing', 'nothing'],
  partnersChanged: ['nothing', 'nothing'],
  writtenAsked: ['nothing', 'nothing'],
  queues: ['nothing', 'nothing'],
}
/** The names that are channels for the gateway. */
const gatewayHears = ['feedsChanged', 'partnersChanged', 'writtenAsked', 'live']
const gatewayRings = ['witness', 'written']

const gatewayCommands =
  'ping info time select get smembers hmget hgetall hvals xrange xrevrange multi exec subscribe unsubscribe publish hset expire'.split(
    ' ',
  )

const keys = redisKeys('fl')
const named = (names: object): [string, string][] =>
  Object.entries(names).flatMap(([name, key]: [string, unknown]) => {
    if (typeof key === 'function') return [[name, (key as (of: string) => string)('x')]]
    return typeof key === 'string' ? [[name, key]] : []
  })

let folder: string
let redis: EmbeddedRedis
let admin: Redis
const users = {} as Record<'api' | 'worker' | 'gateway', Redis>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-users-'))
  redis = await startRedis({ dataDir: join(folder, 'redis'), admin: true })
  admin = new Redis(redis.urlFor('admin'))
  for (const user of ['api', 'worker', 'gateway'] as const)
    users[user] = new Redis(redis.urlFor(user), { disableClientInfo: true })
})

afterAll(async () => {
  for (const connection of [admin, ...Object.values(users)]) connection.disconnect()
  await redis.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Refusals of a command, in a script, and of commands that are disabled for all users. */
const REFUSED = /NOPERM|user executing the script can't|command not allowed/

/** Whether Redis allows a command; the command may still fail for another reason. */
async function passes(attempt: Promise<unknown>): Promise<boolean> {
  const refusal = await attempt.then(
    () => '',
    (error: unknown) => String(error),
  )
  return !REFUSED.test(refusal)
}

async function accessOf(user: Redis, key: string): Promise<Access> {
  if (await passes(user.set(key, 'x'))) return 'write'
  return (await passes(user.get(key))) ? 'read' : 'nothing'
}

describe.each([
  ['of a feed', feedKeys, keys.feed('en')],
  ['of the desk', deskKeys, keys.desk],
  ['of webhooks', webhookKeys, keys.webhooks],
  ['of all', commonKeys, { ...keys, feed: undefined }],
] as [string, Table<string>, object][])('the keys %s', (_whose, table, names) => {
  it('are all in the table', () => {
    expect(
      named(names)
        .map(([name]) => name)
        .sort(),
    ).toEqual(Object.keys(table).sort())
  })

  it.each(named(names))('%s: each role has the access of the table', async (name, key) => {
    const { api, worker, gateway } = users
    const found = [await accessOf(worker, key), await accessOf(gateway, key)]
    expect(found).toEqual(table[name])
    const ofQueue = name === 'queues' ? `${key}:release:wait` : key
    expect(await accessOf(api, ofQueue)).toBe('write')
  })

  it.each(named(names))(
    '%s: the gateway subscribes and publishes only to its channels',
    async (name, channel) => {
      expect(await passes(users.gateway.publish(channel, 'x'))).toBe(gatewayRings.includes(name))
      expect(await passes(users.gateway.subscribe(channel))).toBe(gatewayHears.includes(name))
    },
  )
})

it.each([
  ['a queue', '{fl:queues}:release:wait', ['write', 'write', 'nothing']],
  ['a key that does not exist yet', 'fl:{en}:new', ['write', 'write', 'nothing']],
  ['the log of another installation', 'other:{en}:log', ['nothing', 'nothing', 'nothing']],
  ['a key of another program', 'elsewhere', ['nothing', 'nothing', 'nothing']],
])('%s: each role has the access of the table', async (_what, key, expected) => {
  const { api, worker, gateway } = users
  const found = await Promise.all([api, worker, gateway].map((user) => accessOf(user, key)))
  expect(found).toEqual(expected)
})

describe('commands', () => {
  interface Command {
    readonly name: string
    /** Number of arguments that the command needs. */
    readonly args: readonly string[]
    readonly dangerous: boolean
  }

  /** All commands and subcommands of this server, without those that any client may send. */
  async function commands(): Promise<Command[]> {
    type Described = [
      string,
      number,
      string[],
      number,
      number,
      number,
      string[],
      unknown,
      unknown,
      Described[],
    ]
    const described = (await admin.call('COMMAND')) as Described[]
    const all = described.flatMap((command) => (command[9].length > 0 ? command[9] : [command]))
    return all
      .filter(([, , flags]) => !flags.includes('no_auth'))
      .map(([name, arity, , , , , categories]) => ({
        name,
        args: Array.from({ length: Math.abs(arity) - name.split('|').length }, () => 'x'),
        dangerous: categories.includes('@dangerous'),
      }))
  }

  async function refuses(user: Redis, { name, args }: Command): Promise<boolean> {
    const [command = '', ...subcommand] = name.split('|')
    return !(await passes(user.call(command, ...subcommand, ...args)))
  }

  it('are refused to the gateway, but for a short list', async () => {
    const rest = (await commands()).filter(({ name }) => !gatewayCommands.includes(name))
    expect(rest.length).toBeGreaterThan(250)
    const passed: string[] = []
    for (const command of rest) if (!(await refuses(users.gateway, command))) passed.push(command.name)
    expect(passed).toEqual([])
  })

  it.each([
    ['api', ['info', 'config|get']],
    ['worker', ['info']],
  ] as const)('are refused to the %s where they touch the server or look at names', async (user, may) => {
    const names =
      'scan randomkey dbsize pubsub|channels client|list client|tracking function|load fcall script|flush'
    const rest = (await commands()).filter(
      ({ name, dangerous }) =>
        names.split(' ').includes(name) || (dangerous && !may.some((one) => one === name)),
    )
    expect(rest.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'flushall',
        'config|set',
        'debug',
        'shutdown',
        'acl|setuser',
        'keys',
        'client|kill',
      ]),
    )
    const passed: string[] = []
    for (const command of rest) if (!(await refuses(users[user], command))) passed.push(command.name)
    expect(passed).toEqual([])
  })

  it('are refused inside a script too', async () => {
    const flush = 'return redis.call("FLUSHALL")'
    const look = `return redis.call("HGETALL", "${keys.desk.accounts}")`
    expect(await passes(users.api.eval(flush, 0))).toBe(false)
    expect(await passes(users.worker.eval(flush, 0))).toBe(false)
    expect(await passes(users.worker.eval(look, 0))).toBe(false)
    expect(await passes(users.gateway.eval('return 1', 0))).toBe(false)
  })
})

it('lets the gateway write the counts of a partner, and no other key', async () => {
  const counts = keys.desk.partnerUsage('0123456789abcdef:2026-11-30')
  expect(await users.gateway.hset(counts, 'process', '{}')).toBe(1)
  expect(await users.gateway.expire(counts, 60)).toBe(1)
  for (const command of [users.gateway.hmget(counts, 'process'), users.gateway.hdel(counts, 'process')])
    expect(await passes(command)).toBe(false)
  for (const key of [keys.desk.partnerAccess, keys.desk.partners, keys.desk.accounts, keys.feed('en').head])
    expect(await passes(users.gateway.hset(key, 'process', '{}'))).toBe(false)
})

it('refuses a client without a user', async () => {
  const stranger = new Redis(redis.socketPath, { lazyConnect: true, retryStrategy: () => null })
  const errors: string[] = []
  stranger.on('error', ({ message }: Error) => errors.push(message))
  await stranger.connect().catch(() => undefined)
  expect(errors[0]).toMatch(/^NOAUTH/)
  stranger.disconnect()
})
