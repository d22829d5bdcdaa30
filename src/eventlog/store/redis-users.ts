import { redisKeys } from './redis-keys.ts'

/** Rules of a user in the words of Redis' ACL, without the password. */
type Rights = readonly string[]

/**
 * What each role may do in Redis 7. A new key of a feed is the api's and the workers'; the gateway gets only what
 * is named here. `prefix` may be a pattern.
 */
export function redisRights(prefix = 'fl'): Record<'api' | 'worker' | 'gateway', Rights> {
  const keys = redisKeys(prefix)
  // The id of a feed begins with a letter.
  const feed = keys.feed('[a-z]*')
  // PSUBSCRIBE is allowed only for a pattern that stands here word for word.
  const channels = keys.feed('*')
  const queues = `~${keys.queues}:*`
  return {
    api: [`~${prefix}:*`, queues, `&${prefix}:*`, ...all('&', channels), ...writing, '+config|get'],
    worker: [`%R~${keys.feeds}`, ...all('~', feed), queues, ...all('&', channels), ...writing],
    gateway: [
      ...all('%R~', [keys.feeds, feed.definition, feed.head, feed.log, feed.strip]),
      ...all('&', [keys.feedsChanged, keys.writtenAsked, channels.live]),
      ...reading,
      // It must not ring the live channel: the other gateways would take its word for an event.
      `(${['+publish', ...all('&', [channels.witness, channels.written])].join(' ')})`,
    ],
  }
}

function all(rule: '~' | '%R~' | '&', names: object): Rights {
  return Object.values(names).map((name: string | ((of: string) => string)) =>
    typeof name === 'string' ? rule + name : rule + name('*'),
  )
}

const connecting: Rights = ['+ping', '+info', '+time', '+select']

/** No command that looks at names instead of keys, none for the whole server, and no functions. */
const writing: Rights = [
  ...['+@read', '+@write', '+@pubsub', '+@transaction'],
  ...['-@dangerous', '-@scripting', '-scan', '-randomkey', '-dbsize', '-pubsub'],
  ...['+eval', '+evalsha', '+script|load', '+script|exists', '+client|setname'],
  ...connecting,
]

const reading: Rights = [
  ...['+get', '+smembers', '+hmget', '+hvals', '+xrange', '+xrevrange', '+multi', '+exec'],
  ...['+subscribe', '+unsubscribe'],
  ...connecting,
]

/** Nobody gets in as `default`; but Redis reads the transactions of its own AOF with what that user may do. */
const nobody = 'user default reset off ~* &* +@all'

/**
 * An ACL file: these users, and no other. `secret` gives a user's password as a rule, `>password` or
 * `#<sha-256 in hex>`.
 */
export function aclFile(users: Readonly<Record<string, Rights>>, secret: (user: string) => string): string {
  const lines = Object.entries(users).map(([name, rights]) =>
    // An older setting of Redis lets `reset` open all channels.
    ['user', name, 'reset', 'resetchannels', 'on', secret(name), ...rights].join(' '),
  )
  return `${[nobody, ...lines].join('\n')}\n`
}
