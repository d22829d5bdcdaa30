import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { startRedis, type EmbeddedRedis } from '../../scripts/support/redis-server.mjs'
import { freePort } from './cluster.ts'
import { eventually } from './eventually.ts'
import { TcpProxy } from './tcp-proxy.ts'

const SYNC_TIMEOUT_MS = 20_000

interface Original {
  readonly port: number
  /** Folder of its data, with the passwords of its users. */
  readonly dataDir: string
}

/** A replica with the users of its original, which it reaches through a proxy that a test may cut. */
export class RedisReplica {
  readonly port: number
  readonly #folder: string
  readonly #server: EmbeddedRedis
  readonly #admin: Redis
  readonly #link: TcpProxy

  private constructor(
    folder: string,
    { port, server, link }: { port: number; server: EmbeddedRedis; link: TcpProxy },
  ) {
    this.port = port
    this.#folder = folder
    this.#server = server
    this.#admin = new Redis(server.urlFor('admin'))
    this.#link = link
  }

  /** Settles when the replica has all data of the original. */
  static async start(original: Original): Promise<RedisReplica> {
    const folder = await mkdtemp(join(tmpdir(), 'flashline-replica-'))
    const dataDir = join(folder, 'redis')
    await mkdir(dataDir, { mode: 0o700 })
    await copyFile(join(original.dataDir, 'passwords.json'), join(dataDir, 'passwords.json'))
    const port = await freePort()
    const server = await startRedis({ dataDir, port, admin: true })
    const link = await TcpProxy.start(original.port)
    const replica = new RedisReplica(folder, { port, server, link })
    await replica.#follow()
    return replica
  }

  async #follow(): Promise<void> {
    const { password } = new URL(this.#server.urlFor('admin'))
    await this.#admin.config('SET', 'masteruser', 'admin')
    await this.#admin.config('SET', 'masterauth', password)
    await this.#admin.replicaof('127.0.0.1', Number(new URL(this.#link.url).port))
    await eventually('the replica is in step', SYNC_TIMEOUT_MS, async () =>
      /^master_link_status:up/m.test(await this.#admin.info('replication')),
    )
  }

  /** The replica gets no further writes. */
  cutLink(): void {
    this.#link.isDown = true
    this.#link.cut()
  }

  /** The replica finds its original again. */
  mendLink(): void {
    this.#link.isDown = false
  }

  /** The replica takes writes of its own from now on. */
  async promote(): Promise<void> {
    this.cutLink()
    await this.#admin.replicaof('NO', 'ONE')
  }

  async close(): Promise<void> {
    this.#link.close()
    this.#admin.disconnect()
    this.#server.kill('SIGKILL')
    await this.#server.exited
    await rm(this.#folder, { recursive: true, force: true })
  }
}
