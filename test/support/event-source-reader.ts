import { get, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Frame } from '../../src/protocol/frames.ts'
import { Reader } from './readers.ts'

/** Chromium's wait before it reconnects, until a `retry` line changes it. */
const FIRST_RETRY_MS = 3_000

/**
 * Reads as a browser's EventSource does (WHATWG HTML, section 9.2): one address for ever, a new connection after each
 * end and each network error, and no further connection after an answer that is no event stream with status 200.
 */
export class EventSourceReader extends Reader {
  #retryMs = FIRST_RETRY_MS
  #lastEventId = ''

  protected async listen(url: string, signal: AbortSignal): Promise<void> {
    const stopped = () => signal.aborted
    while (!stopped()) {
      const answer = await this.#connect(url, signal)
      if (stopped()) return
      if (answer !== undefined && answer !== 'ended') {
        this.contradictions.push(`the EventSource is closed for good by ${answer}`)
        await once(signal, 'abort')
        return
      }
      this.disconnects++
      await pause(this.#retryMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** One connection. Settles with `ended`, with the answer that closes an EventSource, or undefined: network error. */
  async #connect(url: string, signal: AbortSignal): Promise<string | undefined> {
    const headers = {
      accept: 'text/event-stream',
      ...(this.#lastEventId !== '' && { 'last-event-id': this.#lastEventId }),
    }
    try {
      const request = get(`${url}/v1/feeds/en/events`, { headers, signal, agent: false })
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      const type = response.headers['content-type'] ?? ''
      if (response.statusCode !== 200 || !type.startsWith('text/event-stream')) {
        request.destroy()
        return `${response.statusCode} ${type}`
      }
      await this.#read(response.setEncoding('utf8'))
      return 'ended'
    } catch {
      return undefined
    }
  }

  async #read(response: IncomingMessage): Promise<void> {
    let rest = ''
    for await (const text of response) {
      const blocks = (rest + String(text)).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) this.#dispatch(block.split('\n'))
    }
  }

  #dispatch(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name, value = ''] = /^(\w+): (.*)$/.exec(line) ?? []
      if (name === 'id') this.#lastEventId = value
      if (name === 'retry') this.#retryMs = Number(value)
      if (name === 'data') this.hear('getEvents', JSON.parse(value) as Frame)
    }
  }
}
