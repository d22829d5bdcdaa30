import http from 'node:http'
import https from 'node:https'
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent'
import type { DeliveryFault } from '../../src/eventlog/webhooks/webhook-deliveries.ts'
import { messageOf } from '../../src/platform/errors.ts'

/** An answer is read so far, for its connection to serve the next message; a longer one is cut off. */
const MAX_ANSWER_BYTES = 16_384
const MAX_DETAIL = 200
/** How request-filtering-agent says that it refuses an address. */
const REFUSED_ADDRESS = 'is not allowed. Because'
/** A connection that rests for longer is closed: each of them takes an open file. */
const REST_MS = 30_000

export interface PostResult {
  readonly fault?: DeliveryFault | undefined
  readonly status?: number | undefined
  readonly detail?: string | undefined
  readonly ms: number
  /** `Retry-After` of the answer. */
  readonly retryAfterMs?: number | undefined
}

export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly limitMs: number
  /** Ends the try: something more urgent is to be sent. */
  readonly signal: AbortSignal
}

/**
 * Sends messages to partners' servers. Private, loopback and link-local addresses are refused after the name is resolved,
 * but for those in `allowed` (addresses or ranges). Redirects are not followed.
 */
export class Poster {
  readonly #http: http.Agent
  readonly #https: https.Agent

  constructor(allowed: readonly string[]) {
    const options = {
      keepAlive: true,
      maxFreeSockets: 4_096,
      timeout: REST_MS,
      allowIPAddressList: [...allowed],
    }
    this.#http = new RequestFilteringHttpAgent(options)
    this.#https = new RequestFilteringHttpsAgent(options)
  }

  /** Does not fail. */
  async post(post: Post): Promise<PostResult> {
    const began = performance.now()
    const result = await this.#try(post).catch((error: unknown) => faultOf(error, post.signal))
    return { ...result, ms: Math.round(performance.now() - began) }
  }

  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }

  async #try(post: Post, isRepeated = false): Promise<Omit<PostResult, 'ms'>> {
    const limit = AbortSignal.timeout(post.limitMs)
    const signal = AbortSignal.any([post.signal, limit])
    const connection = { isReused: false }
    try {
      return await this.#send(post, signal, (isReused) => (connection.isReused = isReused))
    } catch (error) {
      if (limit.aborted) throw new TimeOut(`no answer within ${post.limitMs} ms`, { cause: error })
      // The server has closed a resting connection at the moment at which it was used again.
      const isStale = connection.isReused && !isRepeated && !signal.aborted
      if (isStale) return this.#try(post, true)
      throw error
    }
  }

  #send(
    { url, headers, body }: Post,
    signal: AbortSignal,
    onSocket: (reused: boolean) => void,
  ): Promise<Omit<PostResult, 'ms'>> {
    const isSecure = url.startsWith('https:')
    return new Promise((resolve, reject) => {
      const request = (isSecure ? https : http).request(url, {
        method: 'POST',
        agent: isSecure ? this.#https : this.#http,
        signal,
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Flashline-Webhooks/1',
        },
      })
      request.on('error', reject)
      request.on('socket', () => {
        onSocket(request.reusedSocket)
      })
      request.on('response', (response) => {
        readAway(response)
        resolve(resultOf(response))
      })
      // Node does not report an error where a server changes the protocol and nothing listens.
      request.on('upgrade', (response, socket) => {
        socket.destroy()
        resolve(resultOf(response))
      })
      request.on('close', () => reject(new Error('the connection closed before an answer')))
      request.end(body)
    })
  }
}

class TimeOut extends Error {
  override readonly name = 'TimeOut'
}

/** The words of an answer are of no use; reading them makes the connection free. */
function readAway(response: http.IncomingMessage): void {
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) response.destroy()
  })
  response.on('error', () => undefined)
}

function resultOf({ statusCode: status = 0, headers }: http.IncomingMessage): Omit<PostResult, 'ms'> {
  if (status >= 200 && status < 300) return { status }
  if (status >= 300 && status < 400) return { status, fault: 'redirect', ...locationOf(headers) }
  if (status === 410) return { status, fault: 'gone' }
  const wantedMs = retryAfterMs(headers['retry-after'])
  return { status, fault: 'bad-answer', ...(wantedMs > 0 && { retryAfterMs: wantedMs }) }
}

/** Seconds, or a date (RFC 9110, section 10.2.3). NaN: neither. */
function retryAfterMs(written = ''): number {
  return /^\d+$/.test(written) ? Number(written) * 1_000 : Date.parse(written) - Date.now()
}

/** Without the parts of an address that may be secret: the detail is in the log. */
function locationOf({ location }: http.IncomingHttpHeaders): { detail?: string } {
  if (location === undefined) return {}
  const shown = location.replace(/[?#].*/s, '').replace(/^([^/]*\/\/)[^/]*@/, '$1')
  return { detail: `to ${shown}`.slice(0, MAX_DETAIL) }
}

function faultOf(error: unknown, signal: AbortSignal): Omit<PostResult, 'ms'> {
  const message = messageOf(error)
  if (message.includes(REFUSED_ADDRESS))
    return { fault: 'refused-address', detail: message.slice(0, MAX_DETAIL) }
  if (error instanceof TimeOut) return { fault: 'time-out', detail: message }
  if (signal.aborted) return { fault: 'overtaken' }
  return { fault: 'unreachable', detail: message.slice(0, MAX_DETAIL) }
}
