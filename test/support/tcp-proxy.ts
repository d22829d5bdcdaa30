import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A proxy between a reader and the service that simulates network faults. */
export class TcpProxy {
  readonly url: string
  /** Connections that are opened from now on go to this port. */
  servicePort: number
  /** true: every connection is cut. */
  isDown = false
  /** true: connections stay open, but no byte from the service passes. */
  isStalled = false
  /** Requests that match are cut off, as proxies do with protocols that they do not support. */
  blocked: RegExp | undefined
  /** Request lines of the requests that passed. */
  readonly requests: string[] = []
  readonly #sockets = new Set<Socket>()
  readonly #close: () => void

  private constructor(port: number, servicePort: number, close: () => void) {
    this.url = `http://127.0.0.1:${port}`
    this.servicePort = servicePort
    this.#close = close
  }

  static async start(servicePort: number): Promise<TcpProxy> {
    const server = createServer((client) => proxy.#carry(client)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const proxy = new TcpProxy((server.address() as AddressInfo).port, servicePort, () => server.close())
    return proxy
  }

  get open(): number {
    return this.#sockets.size
  }

  /** Destroys all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  close(): void {
    this.#close()
    this.cut()
  }

  #carry(client: Socket): void {
    if (this.isDown) return void client.destroy()
    const service = connect(this.servicePort, '127.0.0.1')
    this.#sockets.add(client)
    for (const [one, other] of [
      [client, service],
      [service, client],
    ] as const) {
      one.setNoDelay(true)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
    }
    client.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1')
      if (this.blocked?.test(text)) return void client.destroy()
      if (text.startsWith('GET ')) this.requests.push(text.slice(0, text.indexOf('\r\n')))
      service.write(chunk)
    })
    service.on('data', (chunk: Buffer) => {
      if (!this.isStalled) client.write(chunk)
    })
  }
}
