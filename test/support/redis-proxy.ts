import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { eventually } from './eventually.ts'

/** The direction in which no byte passes any more. */
export type Silence = 'to-redis' | 'from-redis' | 'both'

/** `queue`: BullMQ's commands. `blocking`: where a worker waits for jobs. `commands`: everything else. */
export type LinkKind = 'commands' | 'subscriber' | 'queue' | 'blocking'

const HANDSHAKE = /\r\n(hello|auth|info|client)\r\n/i

/** One connection to Redis. */
export class Link {
  /** The Redis user, which is the role of the process. */
  user = ''
  silence: Silence | undefined
  isOpen = true
  /** Redis has answered a command after the handshake. */
  works = false
  #isAsked = false
  #kind: LinkKind = 'commands'

  get kind(): LinkKind {
    return this.#kind
  }

  /** Learns from a command of the client. */
  sent(text: string): void {
    this.user ||= /\r\nAUTH\r\n\$\d+\r\n(\w+)\r\n/i.exec(text)?.[1] ?? ''
    if (/\r\np?subscribe\r\n/i.test(text)) this.#kind = 'subscriber'
    // Only BullMQ names its connections, those on which a worker waits.
    else if (/\r\nsetname\r\n/i.test(text)) this.#kind = 'blocking'
    else if (this.#kind === 'commands' && text.includes(':queues}:')) this.#kind = 'queue'
    this.#isAsked ||= !HANDSHAKE.test(text)
  }

  /** Learns from an answer of Redis. */
  heard(): void {
    this.works ||= this.#isAsked
  }
}

/** A proxy between the processes and Redis that can swallow the bytes of single connections and keep them open. */
export class RedisProxy {
  readonly url: string
  /** All connections so far. */
  readonly links: Link[] = []
  readonly #close: () => void

  private constructor(url: string, close: () => void) {
    this.url = url
    this.#close = close
  }

  static async start(redisPort: number): Promise<RedisProxy> {
    const sockets = new Set<Socket>()
    const server = createServer((client) => {
      const redis = connect(redisPort, '127.0.0.1')
      for (const socket of [client, redis]) {
        sockets.add(socket)
        socket.setNoDelay(true).on('close', () => sockets.delete(socket))
      }
      proxy.links.push(carry(client, redis))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const proxy = new RedisProxy(`redis://127.0.0.1:${port}`, () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    })
    return proxy
  }

  /** The open connections of a role that work. */
  working(user: string, kind: LinkKind): Link[] {
    return this.links.filter(
      (link) => link.isOpen && link.works && !link.silence && link.user === user && link.kind === kind,
    )
  }

  /**
   * Silences all connections of this kind. Settles when as many new ones work, with the time that it took. Errors: after
   * `limitMs`.
   */
  async silence(user: string, kind: LinkKind, how: Silence, limitMs: number): Promise<number> {
    const silent = this.working(user, kind)
    if (silent.length === 0) throw new Error(`${user} has no connection for ${kind}`)
    for (const link of silent) link.silence = how
    const since = performance.now()
    await eventually(`${user} has new connections for ${kind}`, limitMs, () => {
      return silent.every(({ isOpen }) => !isOpen) && this.working(user, kind).length >= silent.length
    })
    return Math.round(performance.now() - since)
  }

  close(): void {
    this.#close()
  }
}

function carry(client: Socket, redis: Socket): Link {
  const link = new Link()
  client.on('data', (chunk: Buffer) => {
    link.sent(chunk.toString('latin1'))
    if (link.silence === undefined || link.silence === 'from-redis') redis.write(chunk)
  })
  redis.on('data', (chunk: Buffer) => {
    if (link.silence !== undefined && link.silence !== 'to-redis') return
    client.write(chunk)
    link.heard()
  })
  client.on('close', () => {
    link.isOpen = false
    // Redis does not learn that a silent connection has ended.
    if (link.silence === undefined) redis.destroy()
  })
  redis.on('close', () => client.destroy())
  for (const socket of [client, redis]) socket.on('error', () => undefined)
  return link
}
