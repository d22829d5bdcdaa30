import type { ChildProcess } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { exitOf, spawnTied } from '../../scripts/support/child-process.mjs'
import { findRedisServer, startRedis, type EmbeddedRedis } from '../../scripts/support/redis-server.mjs'
import { freePort } from './cluster.ts'
import { eventually } from './eventually.ts'

export const MASTER_NAME = 'news'
const SENTINELS = 3
const READY_TIMEOUT_MS = 20_000

interface Original {
  readonly redis: EmbeddedRedis
  readonly port: number
  /** Folder of its data, with the passwords of its users. */
  readonly dataDir: string
}

/** A replica of a Redis, and three Sentinels that fail over to it one second after the primary is silent. */
export class SentinelSet {
  readonly addresses: readonly string[]
  readonly #folder: string
  readonly #replica: EmbeddedRedis
  readonly #sentinels: readonly ChildProcess[]
  readonly #replicaPort: number

  private constructor(
    folder: string,
    replica: { server: EmbeddedRedis; port: number },
    sentinels: { processes: readonly ChildProcess[]; ports: readonly number[] },
  ) {
    this.#folder = folder
    this.#replica = replica.server
    this.#replicaPort = replica.port
    this.#sentinels = sentinels.processes
    this.addresses = sentinels.ports.map((port) => `127.0.0.1:${port}`)
  }

  /** Settles when the replica is in step, and the Sentinels know it and each other. */
  static async start(original: Original): Promise<SentinelSet> {
    const folder = await mkdtemp(join(tmpdir(), 'flashline-sentinels-'))
    const dataDir = join(folder, 'redis')
    await mkdir(dataDir, { mode: 0o700 })
    await copyFile(join(original.dataDir, 'passwords.json'), join(dataDir, 'passwords.json'))
    const port = await freePort()
    const server = await startRedis({ dataDir, port, admin: true })
    const { password } = new URL(server.urlFor('admin'))
    await follow(server, password, original.port)
    // After a failover the old primary follows the new one.
    await follow(original.redis, password)
    const ports = await Promise.all(Array.from({ length: SENTINELS }, freePort))
    const processes = await Promise.all(
      ports.map((own) => startSentinel(folder, own, { port: original.port, password })),
    )
    const set = new SentinelSet(folder, { server, port }, { processes, ports })
    await Promise.all(ports.map((own) => knowsAll(own)))
    return set
  }

  get environment(): Record<string, string> {
    return { REDIS_SENTINELS: this.addresses.join(','), REDIS_MASTER_NAME: MASTER_NAME }
  }

  /** The Sentinels have made the replica the primary, and it is one. */
  async hasFailedOver(): Promise<boolean> {
    const ports = await Promise.all(
      this.addresses.map((address) =>
        asked(address, async (sentinel) => {
          const master = (await sentinel.call('sentinel', 'get-master-addr-by-name', MASTER_NAME)) as string[]
          return Number(master[1])
        }),
      ),
    )
    return ports.every((port) => port === this.#replicaPort)
  }

  async close(): Promise<void> {
    const ended = this.#sentinels.map((sentinel) => exitOf(sentinel))
    for (const sentinel of this.#sentinels) sentinel.kill('SIGKILL')
    await Promise.all(ended)
    this.#replica.kill('SIGKILL')
    await this.#replica.exited
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** Sets the user for a replication, and follows `port` if one is given. Settles when the replica is in step. */
async function follow(server: EmbeddedRedis, password: string, port?: number): Promise<void> {
  const admin = new Redis(server.urlFor('admin'))
  try {
    await admin.config('SET', 'masteruser', 'admin')
    await admin.config('SET', 'masterauth', password)
    if (port === undefined) return
    await admin.replicaof('127.0.0.1', port)
    await eventually('the replica is in step', READY_TIMEOUT_MS, async () =>
      /^master_link_status:up/m.test(await admin.info('replication')),
    )
  } finally {
    admin.disconnect()
  }
}

async function startSentinel(
  folder: string,
  port: number,
  primary: { port: number; password: string },
): Promise<ChildProcess> {
  const { binary, env } = await findRedisServer()
  const settings = join(folder, `sentinel-${port}.conf`)
  await writeFile(
    settings,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${primary.port} 2`,
      `sentinel auth-user ${MASTER_NAME} admin`,
      `sentinel auth-pass ${MASTER_NAME} ${primary.password}`,
      `sentinel down-after-milliseconds ${MASTER_NAME} 1000`,
      `sentinel failover-timeout ${MASTER_NAME} 5000`,
      '',
    ].join('\n'),
  )
  return spawnTied(binary, [settings, '--sentinel'], { env: { ...process.env, ...env }, stdio: 'ignore' })
}

/** The Sentinel on this port knows the replica and the other Sentinels. */
async function knowsAll(port: number): Promise<void> {
  await eventually('the Sentinels know each other', READY_TIMEOUT_MS, () =>
    asked(`127.0.0.1:${port}`, async (sentinel) => {
      const told = (await sentinel.call('sentinel', 'master', MASTER_NAME)) as string[]
      const valueOf = (name: string) => told[told.indexOf(name) + 1]
      return valueOf('num-slaves') === '1' && valueOf('num-other-sentinels') === String(SENTINELS - 1)
    }).catch(() => false),
  )
}

async function asked<T>(address: string, question: (sentinel: Redis) => Promise<T>): Promise<T> {
  const sentinel = new Redis(`redis://${address}`, { retryStrategy: () => null, maxRetriesPerRequest: 0 })
  sentinel.on('error', () => undefined)
  try {
    return await question(sentinel)
  } finally {
    sentinel.disconnect()
  }
}
