import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A forward proxy that knows no WebSocket and treats event streams as answers like any other. */
export class HttpProxy {
  readonly url: string
  /** `holds`: a stream is passed on when it has ended. `cuts`: it is ended in order after so many bytes. */
  streams: 'holds' | { readonly cuts: number } | undefined
  /** The targets of the requests. */
  readonly requests: string[] = []
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  static async start(servicePort: number): Promise<HttpProxy> {
    const server = createServer((asked, answer) => proxy.#pass(asked, answer, servicePort))
    server.on('upgrade', (_asked, socket) => socket.destroy())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const proxy = new HttpProxy(server)
    return proxy
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #pass(asked: IncomingMessage, answer: ServerResponse, port: number): void {
    this.requests.push(asked.url ?? '')
    const { url: path, headers } = asked
    const sent = request({ host: '127.0.0.1', port, path, headers, agent: false }, (got) => {
      const isStream = got.headers['content-type']?.startsWith('text/event-stream')
      answer.writeHead(got.statusCode ?? 502, got.headers)
      if (!isStream || !this.streams) return void got.pipe(answer)
      if (this.streams === 'holds') return void got.resume()
      answer.flushHeaders()
      let left = this.streams.cuts
      got.on('data', (bytes: Buffer) => {
        // Chunks that have arrived together come one after the other, also after the end.
        if (left === 0) return
        const part = bytes.subarray(0, left)
        left -= part.length
        answer.write(part)
        if (left > 0) return
        answer.end()
        got.destroy()
      })
    })
    sent.on('error', () => answer.destroy())
    answer.on('close', () => sent.destroy())
    sent.end()
  }
}
