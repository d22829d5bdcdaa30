import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Exchange } from './exchange.ts'
import { isTheService } from './other-servers.ts'

/** A test that reads masses keeps them; this would be a second copy. */
const MOST_BYTES = 2 * 1024 * 1024

interface Started {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly server: Server
}

/** Tells each answer of a service in this process when it is out. Gives the way to stop. */
export function watchAnswers(tell: (exchange: Exchange) => void): () => void {
  let isOver = false
  // An answer that ends after its test file, on a busy computer, must not reach the tests of the next file.
  const tellInTime = (exchange: Exchange) => {
    if (!isOver) tell(exchange)
  }
  const began = (message: unknown) => {
    const { request, response, server } = message as Started
    if (!isOver && isTheService(server)) follow(request, response, tellInTime)
  }
  subscribe('http.server.request.start', began)
  return () => {
    isOver = true
    unsubscribe('http.server.request.start', began)
  }
}

function follow(
  request: IncomingMessage,
  response: ServerResponse,
  tell: (exchange: Exchange) => void,
): void {
  const { method = '', url: target = '', headers: requestHeaders } = request
  const body = keepBody(response)
  response.once('close', () => {
    // The client may have gone before the answer began.
    const head = (response as unknown as { _header: string | null })._header
    if (typeof head !== 'string') return
    const headers = headersIn(head)
    tell({
      method,
      target,
      requestHeaders,
      requestBody: (request as { body?: unknown }).body,
      status: response.statusCode,
      headers,
      body: textOf(body(), headers.get('content-encoding')),
    })
  })
}

/** Gives what was written; undefined where that is not known. */
function keepBody(response: ServerResponse): () => Buffer | undefined {
  const parts: Buffer[] = []
  let bytes = 0
  const keep = (part: unknown, encoding: unknown) => {
    if (typeof part !== 'string' && !(part instanceof Uint8Array)) return
    const of = typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'
    const kept = typeof part === 'string' ? Buffer.from(part, of) : Buffer.from(part)
    bytes += kept.length
    if (bytes <= MOST_BYTES) parts.push(kept)
  }
  for (const name of ['write', 'end'] as const) {
    const own = response[name].bind(response) as (...args: unknown[]) => unknown
    Object.assign(response, {
      [name]: (...args: unknown[]) => {
        keep(args[0], args[1])
        return own(...args)
      },
    })
  }
  return () => {
    // The gateway writes its streams past the response, to the socket.
    if (bytes > MOST_BYTES || (bytes === 0 && !response.writableFinished)) return undefined
    return Buffer.concat(parts)
  }
}

function textOf(bytes: Buffer | undefined, coding: string | undefined): string | undefined {
  if (bytes === undefined || bytes.length === 0) return bytes?.toString()
  if (coding === 'gzip') return gunzipSync(bytes).toString()
  if (coding === 'br') return brotliDecompressSync(bytes).toString()
  return coding === undefined ? bytes.toString() : undefined
}

/** The head as it was sent. */
export function headersIn(head: string): Map<string, string> {
  return new Map(
    head
      .split('\r\n')
      .slice(1)
      .filter((line) => line.includes(':'))
      .map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      }),
  )
}
