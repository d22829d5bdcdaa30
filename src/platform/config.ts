import { isIP } from 'node:net'
import { z } from 'zod'
import { embedFonts } from '../protocol/embed.ts'
import { emailSchema } from '../protocol/people-requests.ts'
import { sentinelPattern } from './sentinels.ts'

const serviceRoles = ['api', 'gateway', 'worker'] as const
export type ServiceRole = (typeof serviceRoles)[number]

export const processRoles = ['all', ...serviceRoles] as const
export type ProcessRole = (typeof processRoles)[number]

export function rolesIn(process: ProcessRole): readonly ServiceRole[] {
  return process === 'all' ? serviceRoles : [process]
}

const count = (defaultValue: number, minimum = 1) =>
  z.coerce.number().int().min(minimum).default(defaultValue)
const ms = (defaultValue: number, minimum = 1) => count(defaultValue, minimum)
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )

/** Addresses and ranges; request-filtering-agent only warns of a wrong one, at every delivery. */
const addressList = list.refine(
  (items) => items.every(isAddressOrRange),
  'must be addresses or ranges, comma-separated: 10.1.0.0/16',
)

function isAddressOrRange(item: string): boolean {
  const [address = '', bits, ...more] = item.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

const keyLimit = /^([A-Za-z0-9_-]{4,64}):([1-9]\d{0,6})$/
/** `name:connections`, comma-separated. */
const limitsByName = list
  .refine((items) => items.every((item) => keyLimit.test(item)), 'must be name:connections, comma-separated')
  .refine((items) => limitsOf(items).size === items.length, 'a name is given twice')

function limitsOf(items: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    items.map((item) => keyLimit.exec(item) ?? []).map(([, name = '', limit]) => [name, Number(limit)]),
  )
}

const redisUrl = z
  .string()
  .regex(/^(rediss?:\/\/|\/)/, 'must be redis://…, rediss://… or the path of a unix socket')
  .optional()

/** Every setting, read from the environment by a main file. `.env.example` shows the description of each. */
export const settings = {
  HOST: z.string().default('127.0.0.1').describe('Address to listen on. 0.0.0.0 is every interface.'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe('Port to listen on.'),
  REDIS_URL: redisUrl.describe(
    'Redis with AOF: redis://…, rediss://… or the path of a unix socket. npm start brings its own where no Redis is named.',
  ),
  REDIS_URL_API: redisUrl.describe('The same Redis with the user of the api; default REDIS_URL.'),
  REDIS_URL_WORKER: redisUrl.describe('The same Redis with the user of the workers; default REDIS_URL.'),
  REDIS_URL_GATEWAY: redisUrl.describe('The same Redis with the user of the gateways; default REDIS_URL.'),
  REDIS_SENTINELS: list
    .refine(
      (items) => items.every((item) => sentinelPattern.test(item)),
      'must be host:port, redis://… or rediss://…, comma-separated',
    )
    .describe(
      'Sentinels that say where Redis is, comma-separated: host:26379 or redis://user:password@host:26379. Users, passwords and TLS of Redis are those of REDIS_URL, whose host does not count then.',
    ),
  REDIS_MASTER_NAME: z
    .string()
    .optional()
    .describe('Name under which the Sentinels watch Redis; required with REDIS_SENTINELS.'),
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default('fl')
    .describe('First part of every Redis key, for a Redis that other programs use too.'),
  ARCHIVE_URL: z
    .string()
    .regex(/^(off$|file:.|postgres(ql)?:\/\/)/, 'must be file:PATH, postgres://… or off')
    .default('file:data/archive.db')
    .describe(
      'Archive of past headlines: file:PATH for processes that share this folder, postgres://… for several machines, off for none. npm start uses its data folder.',
    ),
  ARCHIVE_AFTER_MS: ms(86_400_000, 1_000).describe(
    'Time after its end at which a headline moves from Redis to the archive.',
  ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('pino level. Headline text is never logged at info.'),
  BOOTSTRAP_KEY: z
    .string()
    .min(32)
    .optional()
    .describe(
      'Secret of the first admin key, at least 32 characters; used only while no key exists. npm start creates one.',
    ),
  FIRST_ADMIN_EMAIL: emailSchema
    .optional()
    .describe(
      'Email of the first admin account, created while no account exists. npm start creates admin@localhost and prints a command that signs in once.',
    ),
  SESSION_IDLE_MS: ms(3_600_000, 60_000).describe('A session ends when it is not used for this time.'),
  SESSION_MAX_MS: ms(43_200_000, 60_000).describe(
    'A session ends after this time at the latest, even when it is used.',
  ),
  OIDC_ISSUER: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe('OpenID provider for single sign-on, an https URL. Empty: no single sign-on.'),
  OIDC_CLIENT_ID: z.string().optional().describe('Client id of Flashline at the provider.'),
  OIDC_CLIENT_SECRET: z.string().optional().describe('Client secret of Flashline at the provider.'),
  OIDC_REDIRECT_URL: z
    .url()
    .optional()
    .describe('URL to which the provider sends browsers back: https://<this server>/v1/sso/callback.'),
  OIDC_SECOND_FACTOR: list.describe(
    'Values of amr or acr that count as a second factor, comma-separated (mfa,hwk). Empty: no value counts.',
  ),
  SSO_ONLY: z
    .enum(['on', 'off'])
    .default('off')
    .describe('on: people sign in by single sign-on only, and passwords open nothing. Needs OIDC_ISSUER.'),
  FIRST_FEED: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .optional()
    .describe('Id of a feed to create while no feed exists. npm start creates en.'),
  FIRST_KEY_FILE: z
    .string()
    .optional()
    .describe(
      'File of the first key, which the page /how-to-post names to readers on this computer. npm start sets it.',
    ),
  PAGE_FONT: z
    .enum(['system', ...embedFonts])
    .default('system')
    .describe(
      'Typefaces of the page /. own: Source Sans 3 and Vazirmatn, from this server; system: those of the reader.',
    ),
  ALLOWED_ORIGINS: list.describe(
    'Origins whose pages may read the feeds, comma-separated (https://news.example), or *. Empty: only pages of this server.',
  ),
  LICENSE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Address of the licence (an RSL file) under which the headlines may be used; documents such as RSS name it. Empty: none.',
    ),
  ON_AIR_THEME: z
    .string()
    .optional()
    .describe(
      'File with the colours, the logo, the typefaces and the margins of the picture on air (docs/on-air.md). Empty: the usual ones.',
    ),
  TRUST_PROXY: count(0, 0).describe(
    'Number of proxies in front of this server whose X-Forwarded-For is trusted.',
  ),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe(
      'Bearer token for /metrics. Without a token, /metrics answers only requests from this computer to localhost.',
    ),
  MAX_CONNECTIONS: count(15_000).describe(
    'Readers that one gateway process admits; protects its memory and open files.',
  ),
  MAX_CONNECTIONS_PER_IP: count(500).describe(
    'Readers that one address may have, so that it cannot take all connections. Without a proxy in front of the server, the address may open 250 more sockets.',
  ),
  READER_KEYS: limitsByName.describe(
    'Deprecated, make partners instead (docs/operators.md). Names of partner sites, each with its limit of readers in one gateway process: acme-site:2000,city-app:500. A name is not secret: it is part of the URL (?key=acme-site).',
  ),
  WRITES_PER_MINUTE: count(600).describe(
    'Requests a minute that one API key may send to the desk routes; withdrawals are not counted.',
  ),
  CONNECTS_PER_SECOND: count(2_000).describe(
    'New readers that one gateway process admits in a second, also in one burst. Refused readers get a time to try again.',
  ),
  EMIT_MARKS: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe(
      'Whether gateways send the mark of each position; they accept marks in any case. auto: yes, but in feeds of Flashline 0.2 or older only a day after the first worker or api was upgraded, because gateways of these versions refuse marks. off: before you go back to such a version.',
    ),
  COMPRESSION: z
    .enum(['on', 'off'])
    .default('off')
    .describe(
      'on: readers that offer permessage-deflate get compressed frames. Each frame is compressed once for all of them.',
    ),
  GATEWAY_PROCESSES: z
    .union([z.literal('auto'), z.coerce.number().int().min(1).max(256)])
    .default(1)
    .describe(
      'Processes of the gateway role on one port; auto is one per core. A process that dies is restarted alone.',
    ),
  HEARTBEAT_MS: ms(15_000, 100)
    .pipe(z.number().max(25_000))
    .describe(
      'Longest time without data on a stream, at most 25000: shorter than the idle time-out of common proxies.',
    ),
  RESUME_EVENTS: count(10_000).describe(
    'Events per feed that a gateway keeps in memory: how far back a reader can resume.',
  ),
  RESUME_BYTES: count(32 * 1024 * 1024, 65_536).describe(
    'Most bytes that the events of RESUME_EVENTS take, per feed.',
  ),
  LOG_EVENTS: count(100_000).describe('Events per feed that Redis keeps; not below RESUME_EVENTS.'),
  SLOW_READER_MS: ms(30_000, 100).describe(
    'A reader that receives nothing for this time although events wait is closed with 4408; an HTTP answer is cut off.',
  ),
  DRAIN_MS: ms(10_000, 0).describe('Time over which a gateway closes its readers after SIGTERM, at most.'),
  TAIL_CHECK_MS: ms(1_000, 10).describe(
    'Time between two checks of a gateway for lost messages of the live channel.',
  ),
  RELEASE_FALLBACK_MS: ms(500, 10).describe(
    'Time that the API waits for a worker before it releases a headline itself.',
  ),
  SWEEP_MS: ms(1_000, 100).describe(
    'Time between two checks of the workers for due changes whose job was lost.',
  ),
  WORKER_CONCURRENCY: count(1).describe(
    'Release jobs that one worker runs at the same time. With more than one, BullMQ fetches the next job before it runs the first, which delays a headline by about 1 ms.',
  ),
  WEBHOOK_ALLOW_ADDRESSES: addressList.describe(
    'Private addresses or ranges (10.1.0.0/16) to which webhooks may be sent all the same, comma-separated; for tests. Empty: public addresses only.',
  ),
} as const

const schema = z
  .object(settings)
  .superRefine((config, context) => {
    if (config.LOG_EVENTS < config.RESUME_EVENTS) {
      context.addIssue({ code: 'custom', path: ['LOG_EVENTS'], message: 'must not be below RESUME_EVENTS' })
    }
    for (const name of ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_REDIRECT_URL'] as const) {
      if (config.OIDC_ISSUER !== undefined && config[name] === undefined)
        context.addIssue({ code: 'custom', path: [name], message: 'is required with OIDC_ISSUER' })
    }
    if (config.REDIS_SENTINELS.length > 0 && config.REDIS_MASTER_NAME === undefined)
      context.addIssue({
        code: 'custom',
        path: ['REDIS_MASTER_NAME'],
        message: 'is required with REDIS_SENTINELS',
      })
    if (config.REDIS_SENTINELS.length === 0 && config.REDIS_MASTER_NAME !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['REDIS_SENTINELS'],
        message: 'is required with REDIS_MASTER_NAME',
      })
    if (config.SSO_ONLY === 'on' && config.OIDC_ISSUER === undefined)
      context.addIssue({ code: 'custom', path: ['OIDC_ISSUER'], message: 'is required with SSO_ONLY' })
  })
  .transform(({ REDIS_URL = '', REDIS_SENTINELS, REDIS_MASTER_NAME: master, READER_KEYS, ...config }) => ({
    ...config,
    sentinels: master === undefined ? undefined : { addresses: REDIS_SENTINELS, master },
    readerKeys: limitsOf(READER_KEYS),
    redisUrls: {
      api: config.REDIS_URL_API ?? REDIS_URL,
      worker: config.REDIS_URL_WORKER ?? REDIS_URL,
      gateway: config.REDIS_URL_GATEWAY ?? REDIS_URL,
    } satisfies Record<ServiceRole, string>,
  }))

/**
 * `redisUrls`: the Redis of each role that the settings were read for. `sentinels`: they say where it is. `readerKeys`: the limit of readers by partner
 * key.
 */
export type Config = z.output<typeof schema>

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type EnvironmentVariables = Readonly<Record<string, string | undefined>>

/** Errors: one ConfigError that names all faults. An empty variable counts as not set. */
export function readConfig(environment: EnvironmentVariables, process: ProcessRole = 'all'): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(set)
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...missingRedis(set, process),
  ]
  if (parsed.data && faults.length === 0) return parsed.data
  throw new ConfigError(
    `The environment has ${faults.length} fault(s); .env.example describes every setting.\n  ${faults.join('\n  ')}`,
  )
}

/** A process needs the Redis of its own roles only, so a gateway needs no password of another role. */
function missingRedis(set: EnvironmentVariables, process: ProcessRole): string[] {
  const missing = rolesIn(process)
    .map((role) => `REDIS_URL_${role.toUpperCase()}`)
    .filter((name) => set[name] === undefined)
  if (set.REDIS_URL !== undefined || missing.length === 0) return []
  return [`REDIS_URL: is required, or ${missing.join(' and ')}; npm start starts a Redis of its own`]
}
