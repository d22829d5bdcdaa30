import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** The fault that is applied to pub/sub messages. All other replies of Redis pass unchanged. */
export type MessageFate = 'pass' | 'drop' | 'repeat-and-reorder'

/** Messages within this time are reordered. */
const GATHER_MS = 60
/** Number of old messages that are repeated after each batch. */
const ECHOED = 5

/** A proxy between a process and Redis that drops, repeats or reorders pub/sub messages. */
export class PubSubProxy {
  readonly url: string
  fate: MessageFate
  /** Number of messages that were dropped, repeated or reordered. */
  spoiled = 0
  readonly #close: () => void

  private constructor(url: string, fate: MessageFate, close: () => void) {
    this.url = url
    this.fate = fate
    this.#close = close
  }

  static async start(redisPort: number, fate: MessageFate): Promise<PubSubProxy> {
    const sockets = new Set<Socket>()
    const server = createServer((client) => {
      const redis = connect(redisPort, '127.0.0.1')
      for (const [one, other] of [
        [client, redis],
        [redis, client],
      ] as const) {
        sockets.add(one)
        one.setNoDelay(true)
        one.on('error', () => other.destroy())
        one.on('close', () => {
          sockets.delete(one)
          other.destroy()
        })
      }
      client.pipe(redis)
      proxy.#passReplies(redis, client)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const proxy = new PubSubProxy(`redis://127.0.0.1:${port}`, fate, () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    })
    return proxy
  }

  close(): void {
    this.#close()
  }

  #passReplies(redis: Socket, client: Socket): void {
    const shuffle = new Shuffle((messages) => client.write(Buffer.concat(messages)))
    let rest: Buffer = Buffer.alloc(0)
    redis.on('data', (chunk: Buffer) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      for (let end = endOfReply(rest, 0); end !== undefined; end = endOfReply(rest, 0)) {
        const reply = rest.subarray(0, end)
        rest = rest.subarray(end)
        if (this.fate === 'pass' || !isMessage(reply)) client.write(reply)
        else {
          this.spoiled++
          if (this.fate === 'repeat-and-reorder') shuffle.add(Buffer.from(reply))
        }
      }
    })
  }
}

/** Sends a batch in reverse order, each message twice, and then some old messages. */
class Shuffle {
  readonly #write: (messages: Buffer[]) => void
  #gathered: Buffer[] = []
  #known: Buffer[] = []

  constructor(write: (messages: Buffer[]) => void) {
    this.#write = write
  }

  add(message: Buffer): void {
    if (this.#gathered.push(message) === 1) setTimeout(() => this.#give(), GATHER_MS)
  }

  #give(): void {
    const batch = this.#gathered
    this.#gathered = []
    this.#write([...batch.toReversed().flatMap((message) => [message, message]), ...this.#known])
    this.#known = [...this.#known, ...batch].slice(-ECHOED)
  }
}

/** A pub/sub message is an array in RESP2 and a push in RESP3. */
function isMessage(reply: Buffer): boolean {
  return /^[*>]3\r\n\$7\r\nmessage\r\n/.test(reply.toString('latin1', 0, 24))
}

/** The end of the RESP value at `start`; undefined while it is incomplete. */
function endOfReply(bytes: Buffer, start: number): number | undefined {
  const line = bytes.indexOf('\r\n', start)
  if (line < 0) return undefined
  const next = line + 2
  const kind = String.fromCharCode(bytes[start] ?? 0)
  const length = Number(bytes.toString('latin1', start + 1, line))
  if ('$=!'.includes(kind)) {
    const end = length < 0 ? next : next + length + 2
    return end <= bytes.length ? end : undefined
  }
  if (!'*~>%'.includes(kind)) return next
  let end: number | undefined = next
  for (let left = kind === '%' ? length * 2 : length; left > 0; left--) {
    end = endOfReply(bytes, end)
    if (end === undefined) return undefined
  }
  return end
}
