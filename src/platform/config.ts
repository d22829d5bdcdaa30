import { z } from 'zod'

const serviceRoles = ['api', 'gateway', 'worker'] as const
export type ServiceRole = (typeof serviceRoles)[number]

export const processRoles = ['all', ...serviceRoles] as const
export type ProcessRole = (typeof processRoles)[number]

export function rolesIn(process: ProcessRole): readonly ServiceRole[] {
  return process === 'all' ? serviceRoles : [process]
}

const count = (standard: number, minimum = 1) => z.coerce.number().int().min(minimum).default(standard)
const ms = (standard: number, minimum = 1) => count(standard, minimum)
const list = z
  .string()
  .default('')
  .transform((written) =>
    written
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )

const keyLimit = /^([A-Za-z0-9_-]{4,64}):([1-9]\d{0,6})$/
/** `name:connections`, comma-separated. */
const limitsByName = list
  .refine((items) => items.every((item) => keyLimit.test(item)), 'not name:connections, comma-separated')
  .refine((items) => limitsOf(items).size === items.length, 'a name comes twice')

function limitsOf(items: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    items.map((item) => keyLimit.exec(item) ?? []).map(([, name = '', limit]) => [name, Number(limit)]),
  )
}

const redisUrl = z
  .string()
  .regex(/^(rediss?:\/\/|\/)/, 'redis://…, rediss://… or the path of a unix socket')
  .optional()

/** Every setting, read from the environment by a main file. The text says what it is for in `.env.example`. */
export const settings = {
  HOST: z.string().default('127.0.0.1').describe('Address to listen on. 0.0.0.0 is every interface.'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe('Port to listen on.'),
  REDIS_URL: redisUrl.describe(
    'Redis with AOF: redis://…, rediss://… or the path of a unix socket. npm start brings its own where no Redis is named.',
  ),
  REDIS_URL_API: redisUrl.describe('The same Redis with the user of the api; default REDIS_URL.'),
  REDIS_URL_WORKER: redisUrl.describe('The same Redis with the user of the workers; default REDIS_URL.'),
  REDIS_URL_GATEWAY: redisUrl.describe('The same Redis with the user of the gateways; default REDIS_URL.'),
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default('fl')
    .describe('First part of every key, for a Redis that others use too.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('pino level. Headline text is never logged at info.'),
  BOOTSTRAP_KEY: z
    .string()
    .min(32)
    .optional()
    .describe(
      'Secret of the first admin key, at least 32 characters; used only while no key exists. npm start makes one.',
    ),
  FIRST_ADMIN_EMAIL: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/, 'not an email address')
    .toLowerCase()
    .optional()
    .describe(
      'Email of the first admin account, made where no account exists. npm start makes admin@localhost and says how to sign in once.',
    ),
  SESSION_IDLE_MS: ms(3_600_000, 60_000).describe('A session that is not used for so long has ended.'),
  SESSION_MAX_MS: ms(43_200_000, 60_000).describe('A session ends after so long, however much it is used.'),
  OIDC_ISSUER: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe('OpenID provider for single sign-on, https. Empty: there is none.'),
  OIDC_CLIENT_ID: z.string().optional().describe('Name of Flashline at the provider.'),
  OIDC_CLIENT_SECRET: z.string().optional().describe('Secret of Flashline at the provider.'),
  OIDC_REDIRECT_URL: z
    .url()
    .optional()
    .describe('Where the provider sends people back to: https://<this server>/v1/sso/callback.'),
  OIDC_SECOND_FACTOR: list.describe(
    'Values of amr or acr that count as a second factor, comma-separated (mfa,hwk). Empty: none does.',
  ),
  FIRST_FEED: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .optional()
    .describe('A feed to create where none exists. npm start creates en.'),
  ALLOWED_ORIGINS: list.describe(
    'Sites whose pages may read, comma-separated (https://news.example), or *. Empty: only pages of this server.',
  ),
  TRUST_PROXY: count(0, 0).describe('Number of proxies in front whose X-Forwarded-For is believed.'),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('Bearer token for /metrics. Without it, /metrics answers loopback only.'),
  MAX_CONNECTIONS: count(15_000).describe(
    'Readers of one gateway process; protects its memory and open files.',
  ),
  MAX_CONNECTIONS_PER_IP: count(500).describe(
    'Readers of one address; protects the others from one crowd. Without a proxy in front it may have 250 more sockets than that.',
  ),
  READER_KEYS: limitsByName.describe(
    'Keys for partners, and how many readers of one gateway process each may have: acme-site:2000,city-app:500. A key is no secret: it stands in the address (?key=acme-site).',
  ),
  WRITES_PER_MINUTE: count(600).describe(
    'Requests that one key may send to the desk routes; withdrawals are not counted.',
  ),
  CONNECTS_PER_SECOND: count(2_000).describe(
    'Readers that one gateway process admits a second, as many at once; the others are told when to come back.',
  ),
  COMPRESSION: z
    .enum(['on', 'off'])
    .default('off')
    .describe('on: readers that offer permessage-deflate get deflated frames, each compressed once for all.'),
  GATEWAY_PROCESSES: z
    .union([z.literal('auto'), z.coerce.number().int().min(1).max(256)])
    .default(1)
    .describe(
      'Processes of the gateway role on one port; auto is one per core. One that dies is started again alone.',
    ),
  HEARTBEAT_MS: ms(15_000, 100)
    .pipe(z.number().max(25_000))
    .describe('Longest silence of a stream, at most 25000: below the idle time-outs of usual proxies.'),
  RESUME_EVENTS: count(10_000).describe(
    'Events of a feed that a gateway holds in memory: how far back a reader can resume.',
  ),
  RESUME_BYTES: count(32 * 1024 * 1024, 65_536).describe('Bytes that those events may take, per feed.'),
  LOG_EVENTS: count(100_000).describe('Events of a feed that Redis keeps; not below RESUME_EVENTS.'),
  SLOW_READER_MS: ms(30_000, 100).describe(
    'A reader that takes nothing for so long is closed with 4408; an answer over HTTP is cut off.',
  ),
  DRAIN_MS: ms(10_000, 0).describe('Longest time over which readers are sent away on SIGTERM.'),
  TAIL_CHECK_MS: ms(1_000, 10).describe('How often a gateway looks for a lost last message.'),
  RELEASE_FALLBACK_MS: ms(500, 10).describe(
    'How long the API waits for a worker before it releases a line itself.',
  ),
  SWEEP_MS: ms(1_000, 100).describe('How often the workers look for due lines whose doorbell was lost.'),
  WORKER_CONCURRENCY: count(1).describe(
    'Release jobs that one worker runs at once. With more than one, BullMQ fetches the next before it runs the first, which costs a line about 1 ms.',
  ),
} as const

const schema = z
  .object(settings)
  .superRefine((config, context) => {
    if (config.LOG_EVENTS < config.RESUME_EVENTS) {
      context.addIssue({ code: 'custom', path: ['LOG_EVENTS'], message: 'below RESUME_EVENTS' })
    }
    for (const name of ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_REDIRECT_URL'] as const) {
      if (config.OIDC_ISSUER !== undefined && config[name] === undefined)
        context.addIssue({ code: 'custom', path: [name], message: 'needed with OIDC_ISSUER' })
    }
  })
  .transform(({ REDIS_URL = '', READER_KEYS, ...config }) => ({
    ...config,
    readerKeys: limitsOf(READER_KEYS),
    redisUrls: {
      api: config.REDIS_URL_API ?? REDIS_URL,
      worker: config.REDIS_URL_WORKER ?? REDIS_URL,
      gateway: config.REDIS_URL_GATEWAY ?? REDIS_URL,
    } satisfies Record<ServiceRole, string>,
  }))

/**
 * `redisUrls` has the Redis of each role that the settings were read for, `readerKeys` how many readers each key may
 * have.
 */
export type Config = z.output<typeof schema>

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type EnvironmentVariables = Readonly<Record<string, string | undefined>>

/** Errors: one ConfigError that names every fault at once. An empty variable counts as not set. */
export function readConfig(environment: EnvironmentVariables, process: ProcessRole = 'all'): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const read = schema.safeParse(set)
  const faults = [
    ...(read.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...missingRedis(set, process),
  ]
  if (read.data && faults.length === 0) return read.data
  throw new ConfigError(
    `The environment has ${faults.length} fault(s); .env.example describes every setting.\n  ${faults.join('\n  ')}`,
  )
}

/** A process needs the Redis of its own roles only, so a gateway need not know the others' passwords. */
function missingRedis(set: EnvironmentVariables, process: ProcessRole): string[] {
  const missing = rolesIn(process)
    .map((role) => `REDIS_URL_${role.toUpperCase()}`)
    .filter((name) => set[name] === undefined)
  if (set.REDIS_URL !== undefined || missing.length === 0) return []
  return [`REDIS_URL: needed, or ${missing.join(' and ')}; npm start brings a Redis of its own`]
}
