import type { RedisOptions } from 'ioredis'

/** The Sentinels that watch Redis, and the name under which they know it. */
export interface Sentinels {
  /** `host:port`, redis://… or rediss://…; user and password are those of the Sentinels, which all have the same. */
  readonly addresses: readonly string[]
  readonly master: string
}

export const sentinelPattern = /^(?:rediss?:\/\/(?:[^@/]*@)?)?[^@/:]+(?::\d{1,5})?\/?$/

type SentinelOptions = Pick<
  RedisOptions,
  | 'sentinels'
  | 'name'
  | 'role'
  | 'sentinelUsername'
  | 'sentinelPassword'
  | 'sentinelTLS'
  | 'enableTLSForSentinelMode'
  | 'sentinelCommandTimeout'
  | 'sentinelRetryStrategy'
>

/** A Sentinel that hangs would hold up a connection for ever. */
const COMMAND_TIMEOUT_MS = 1_000
const RETRY_MS = 500

/**
 * The options by which ioredis asks the Sentinels where Redis is, at each connection. A primary that hangs is left
 * because its connections are silent, not by the option `failoverDetector`: it ends a connection for good when the news
 * of the failover comes while ioredis connects (ioredis 6.0.0, `findings/ioredis-failover-detector-ends-clients.sh`).
 * `isSecure`: Redis itself speaks TLS.
 */
export function sentinelOptions({ addresses, master }: Sentinels, isSecure: boolean): SentinelOptions {
  const parsed = addresses.map(parseSentinel)
  const { username, password, isSecure: isSentinelSecure } = parsed[0] ?? {}
  return {
    sentinels: parsed.map(({ host, port }) => ({ host, port })),
    name: master,
    role: 'master',
    ...(username && { sentinelUsername: username }),
    ...(password && { sentinelPassword: password }),
    ...(isSentinelSecure && { sentinelTLS: {} }),
    enableTLSForSentinelMode: isSecure,
    sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
    sentinelRetryStrategy: () => RETRY_MS,
  }
}

interface Sentinel {
  readonly host: string
  readonly port: number
  readonly username?: string
  readonly password?: string
  readonly isSecure: boolean
}

function parseSentinel(address: string): Sentinel {
  const { protocol, hostname, port, username, password } = new URL(
    address.includes('://') ? address : `redis://${address}`,
  )
  return {
    host: hostname,
    port: Number(port || 26_379),
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    isSecure: protocol === 'rediss:',
  }
}
