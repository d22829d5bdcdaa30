import { redisKeys } from './redis-keys.ts'

/** ACL rules of a Redis user, without the password. */
type Rights = readonly string[]

/**
 * The rights of each role in Redis 7. The api and the workers have access to all keys of a feed, new ones included; the
 * gateway only to the keys named here. `prefix` may be a pattern.
 */
export function redisRights(prefix = 'fl'): Record<'api' | 'worker' | 'gateway', Rights> {
  const keys = redisKeys(prefix)
  // A feed id begins with a letter.
  const anyFeed = '[a-z]*'
  const feed = keys.feed(anyFeed)
  const feedKeys = `${prefix}:{${anyFeed}}:*`
  // Redis allows PSUBSCRIBE only for a pattern that is equal to the pattern in the rule.
  const channels = keys.feed('*')
  const queues = `~${keys.queues}:*`
  return {
    api: [`~${prefix}:*`, queues, `&${prefix}:*`, ...all('&', channels), ...writing, '+config|get'],
    // One pattern for all keys of a feed: Redis compares each key of each command with one pattern after the other, and
    // with a pattern for each kind of key that was nearly half of the time of a script.
    worker: [
      ...[`~${feedKeys}`, `%R~${keys.feeds}`, queues, ...all('&', channels)],
      ...all('~', keys.webhooks),
      ...[`%R~${keys.desk.webhookAccess}`, `&${keys.partnersChanged}`],
      ...writing,
    ],
    gateway: [
      ...all('%R~', [keys.feeds, feed.definition, feed.head, feed.log, feed.strip, feed.takenBack]),
      ...all('%R~', [keys.desk.partnerAccess]),
      ...all('&', [keys.feedsChanged, keys.partnersChanged, keys.writtenAsked, channels.live]),
      ...reading,
      // A gateway must not publish on the live channel: other gateways would take its messages for events.
      `(${['+publish', ...all('&', [channels.witness, channels.written])].join(' ')})`,
      // The one thing that a gateway writes: how much each partner has read. It cannot read these counts.
      `(${[...all('%W~', [keys.desk.partnerUsage('*')]), '+hset', '+expire'].join(' ')})`,
    ],
  }
}

function all(rule: '~' | '%R~' | '%W~' | '&', names: object): Rights {
  return Object.values(names).map((name: string | ((id: string) => string)) =>
    typeof name === 'string' ? rule + name : rule + name('*'),
  )
}

const connecting: Rights = ['+ping', '+info', '+time', '+select']

/** Leaves out commands that list key names, commands for the whole server, and functions. */
const writing: Rights = [
  ...['+@read', '+@write', '+@pubsub', '+@transaction'],
  ...['-@dangerous', '-@scripting', '-scan', '-randomkey', '-dbsize', '-pubsub'],
  ...['+eval', '+evalsha', '+script|load', '+script|exists', '+client|setname'],
  ...connecting,
]

const reading: Rights = [
  ...['+get', '+smembers', '+hmget', '+hgetall', '+hvals', '+xrange', '+xrevrange', '+multi', '+exec'],
  ...['+subscribe', '+unsubscribe'],
  ...connecting,
]

/** No client can sign in as `default`. It keeps its rights, because Redis replays its AOF as this user. */
const defaultUser = 'user default reset off ~* &* +@all'

/**
 * An ACL file with these users and no others. `secret` gives a user's password rule: `>password` or `#<sha-256 in
 * hex>`.
 */
export function aclFile(users: Readonly<Record<string, Rights>>, secret: (user: string) => string): string {
  const lines = Object.entries(users).map(([name, rights]) =>
    // With `acl-pubsub-default allchannels`, the default of Redis 6.2, `reset` allows all channels.
    ['user', name, 'reset', 'resetchannels', 'on', secret(name), ...rights].join(' '),
  )
  return `${[defaultUser, ...lines].join('\n')}\n`
}
