import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { exitOf, spawnTied, type Exit } from '../../scripts/support/child-process.mjs'
import { startRedis, type EmbeddedRedis } from '../../scripts/support/redis-server.mjs'
import { openStore } from '../../src/eventlog/store/store.ts'
import { createTestFeed } from './redis.ts'
import { isAProcess } from './contract/watch-fetch.ts'

export const projectRoot = resolve(fileURLToPath(import.meta.url), '../../..')
export const editorKey = 'fault-suite-key-0123456789abcdef0123456789abcdef'

type Role = 'api' | 'gateway' | 'worker'
type Environment = Readonly<Record<string, string>>
export type LogLine = Readonly<Record<string, unknown>>

const READY_TIMEOUT_MS = 20_000

/** One process of the service. A restarted process has the same address as before. */
export class Member {
  readonly role: Role
  readonly log: LogLine[] = []
  url = ''
  readonly #env: Environment
  #child: ChildProcess | undefined
  #exited: Promise<Exit> | undefined

  constructor(role: Role, env: Environment) {
    this.role = role
    this.#env = env
  }

  /** Settles when the process says that it is ready. */
  async start(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port
    const child = await spawnTied(process.execPath, [join(projectRoot, 'dist/src/main.js'), this.role], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { PATH: process.env.PATH, ...this.#env, PORT: port },
    })
    this.#child = child
    this.#exited = exitOf(child)
    let complaint = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    if (child.stdout) createInterface(child.stdout).on('line', (line) => this.#note(line))
    const ended = this.#exited.then(({ code, signal }) => {
      throw new Error(`${this.role} ended with ${signal ?? code} before it was ready: ${complaint}`)
    })
    const ready = once(child, 'message', { signal: AbortSignal.timeout(READY_TIMEOUT_MS) })
    const [message] = (await Promise.race([ready, ended])) as [{ url: string }]
    this.url = message.url
    isAProcess(this.url)
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** Sends SIGKILL. Settles when the process has ended. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#exited
  }

  /** Sends SIGTERM. Settles when the process has ended. */
  async stop(): Promise<Exit | undefined> {
    this.#child?.kill('SIGTERM')
    return this.#exited
  }

  /** The value of a counter, summed over its labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text()
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
  }

  #note(line: string): void {
    try {
      this.log.push(JSON.parse(line) as LogLine)
    } catch {
      this.log.push({ event: 'unreadable', line })
    }
  }
}

export interface ClusterOptions {
  readonly apis?: number
  readonly gateways?: number
  readonly workers?: number
  readonly env?: Environment
  /** More settings for one member. */
  readonly envOf?: (role: Role, index: number) => Environment
  readonly redisPort?: number
  /** Prepares what needs Redis and is there before the members, and gives their settings for it. */
  readonly prepare?: (redis: EmbeddedRedis, dataDir: string) => Promise<Environment>
  /** Address of Redis for all processes, without a user, when they use a proxy. */
  readonly redisUrl?: string
  /** The same for the gateways only. */
  readonly gatewayRedisUrl?: string
}

/**
 * The service as separate processes with their own Redis. A test may kill each of them. Each process knows only the
 * password of its role.
 */
export class Cluster {
  readonly apis: readonly Member[]
  readonly gateways: readonly Member[]
  readonly workers: readonly Member[]
  readonly #folder: string
  readonly #redisPort: number
  #redis: EmbeddedRedis

  private constructor(
    folder: string,
    redisPort: number,
    redis: EmbeddedRedis,
    {
      apis = 1,
      gateways = 1,
      workers = 1,
      env,
      envOf = () => ({}),
      redisUrl,
      gatewayRedisUrl = redisUrl,
    }: ClusterOptions,
  ) {
    this.#folder = folder
    this.#redisPort = redisPort
    this.#redis = redis
    const common = { BOOTSTRAP_KEY: editorKey, WRITES_PER_MINUTE: '100000', ARCHIVE_URL: 'off', ...env }
    const { REDIS_URL_API, REDIS_URL_WORKER } = redis.roleUrls(redisUrl)
    const { REDIS_URL_GATEWAY } = redis.roleUrls(gatewayRedisUrl)
    const members = (count: number, role: Role, roleEnvironment: Environment) =>
      Array.from({ length: count }, (_, index) => {
        return new Member(role, { ...common, ...roleEnvironment, ...envOf(role, index) })
      })
    this.apis = members(apis, 'api', { REDIS_URL_API })
    this.gateways = members(gateways, 'gateway', { REDIS_URL_GATEWAY })
    this.workers = members(workers, 'worker', { REDIS_URL_WORKER })
  }

  /** Starts Redis and then all members at once. Settles when each gateway serves the feed `en`. */
  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'flashline-fault-'))
    const port = options.redisPort ?? (await freePort())
    const dataDir = join(folder, 'redis')
    const redis = await startRedis({ dataDir, port, admin: true })
    const env = { ...options.env, ...(await options.prepare?.(redis, dataDir)) }
    const cluster = new Cluster(folder, port, redis, { ...options, env })
    try {
      await cluster.#createFeed()
      await Promise.all(cluster.members.map((member) => member.start()))
      await Promise.all(cluster.gateways.map((gateway) => servesFeed(gateway)))
    } catch (error) {
      await cluster.close()
      throw error
    }
    return cluster
  }

  get members(): readonly Member[] {
    return [...this.apis, ...this.gateways, ...this.workers]
  }

  get redisPid(): number {
    return this.#redis.pid
  }

  /** Folder of Redis's data and passwords. */
  get redisDataDir(): string {
    return join(this.#folder, 'redis')
  }

  /** Stops or continues Redis, which keeps its connections. */
  signalRedis(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#redis.kill(signal)
  }

  async startRedis(): Promise<void> {
    this.#redis = await startRedis({ dataDir: this.redisDataDir, port: this.#redisPort, admin: true })
  }

  /** A connection as the operator, or as one of the service's users. */
  redisAs(user: 'admin' | 'gateway'): Redis {
    return new Redis(
      user === 'admin' ? this.#redis.urlFor('admin') : this.#redis.roleUrls().REDIS_URL_GATEWAY,
    )
  }

  /** Commands that Redis has refused to the members since its start. */
  async refusals(): Promise<string[]> {
    const admin = this.redisAs('admin')
    const refusals = await refusalsOf(admin)
    admin.disconnect()
    return refusals
  }

  /** Sends SIGKILL to Redis. Settles when the server has ended. */
  async killRedis(): Promise<void> {
    this.#redis.kill('SIGKILL')
    await this.#redis.exited
  }

  /** Copies the data that Redis has on its disk. */
  async copyRedisData(): Promise<void> {
    await cp(join(this.redisDataDir, 'appendonlydir'), join(this.#folder, 'copy'), { recursive: true })
  }

  /** Restores the copied data. Call it while Redis is not running. */
  async restoreRedisData(): Promise<void> {
    await rm(join(this.redisDataDir, 'appendonlydir'), { recursive: true })
    await cp(join(this.#folder, 'copy'), join(this.redisDataDir, 'appendonlydir'), { recursive: true })
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()))
    await this.killRedis()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #createFeed(): Promise<void> {
    const admin = new Redis(this.#redis.urlFor('admin'))
    await createTestFeed(openStore(admin, { keptEvents: 1 }))
    await admin.quit()
  }
}

/** Commands that Redis has refused, as "<user>: <reason>". */
export async function refusalsOf(admin: Redis): Promise<string[]> {
  const entries = (await admin.acl('LOG')) as string[][]
  const valueOf = (entry: string[], name: string) => entry[entry.indexOf(name) + 1]
  return entries.map((entry) => `${valueOf(entry, 'username')}: ${valueOf(entry, 'object')}`)
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((closed) => probe.close(closed))
  return port
}

const FEED_TIMEOUT_MS = 20_000

async function servesFeed({ url }: Member): Promise<void> {
  const deadline = performance.now() + FEED_TIMEOUT_MS
  while (performance.now() < deadline) {
    const { status } = await fetch(`${url}/v1/feeds/en`)
    if (status === 200) return
    await new Promise((resume) => setTimeout(resume, 20))
  }
  throw new Error(`${url} does not serve the feed after ${FEED_TIMEOUT_MS} ms`)
}
