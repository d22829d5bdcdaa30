import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Both ends of a TCP connection. */
export class SocketPair {
  /** The end that a test writes to. */
  readonly socket: Socket
  readonly peer: Socket
  /** The bytes that the peer has read. */
  readonly received = new Received()
  /** The events that `socket` has emitted. */
  readonly events: string[] = []

  static async open(): Promise<SocketPair> {
    const server = createServer({ noDelay: true, allowHalfOpen: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const accepted = once(server, 'connection') as Promise<[Socket]>
    const peer = connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true })
    const [[socket]] = await Promise.all([accepted, once(peer, 'connect')])
    server.close()
    return new SocketPair(socket, peer)
  }

  private constructor(socket: Socket, peer: Socket) {
    this.socket = socket
    this.peer = peer
    peer.on('error', () => undefined)
    peer.on('data', (bytes: Buffer) => {
      this.received.push(bytes)
    })
    for (const event of ['error', 'close', 'drain']) socket.on(event, () => this.events.push(event))
  }

  count(event: 'error' | 'close' | 'drain'): number {
    return this.events.filter((each) => each === event).length
  }

  close(): void {
    this.socket.destroy()
    this.peer.destroy()
  }
}

class Received {
  readonly #chunks: Buffer[] = []
  bytes = 0

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.bytes += chunk.length
  }

  equals(bytes: Buffer): boolean {
    return Buffer.concat(this.#chunks).equals(bytes)
  }

  toString(): string {
    return Buffer.concat(this.#chunks).toString()
  }

  ending(length: number): string {
    return Buffer.concat(this.#chunks).subarray(-length).toString()
  }
}
