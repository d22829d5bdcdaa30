import { Redis } from 'ioredis'
import type { ClientOptions } from 'ws'
import { openStore, type Store } from '../../src/eventlog/store/store.ts'
import { markOf } from '../../src/eventlog/store/mark.ts'
import { eventOf, readAfter, readHeads, type LogEntry } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { readConfig, type ProcessRole } from '../../src/platform/config.ts'
import type { EventFrame, Page, Snapshot } from '../../src/protocol/frames.ts'
import { parsePosition } from '../../src/protocol/position.ts'
import { contentSchema, type Headline } from '../../src/protocol/headline.ts'
import type { Policy } from '../../src/protocol/policy.ts'
import { startService } from '../../src/service/service.ts'
import { newId, pin, publish, save } from './changes.ts'
import { eventually } from './eventually.ts'
import { createTestFeed, freshPrefix, openPolicy, testRedisUrl } from './redis.ts'
import { createRoleUsers } from './role-users.ts'
import { SseReader } from './sse-reader.ts'
import { WsReader } from './ws-reader.ts'

export const systemKey = 'a key of the tests 0123456789abcdef0123456789abcdef'.replaceAll(' ', '-')

const READY_TIMEOUT_MS = 60_000
/** Number of parallel saves in `flood`. */
const FLOOD_AT_ONCE = 500

type Overrides = Readonly<Record<string, string | number>>

export interface ConnectOptions extends ClientOptions {
  readonly after?: string
  /** Further parameters of the stream. */
  readonly query?: Readonly<Record<string, string>>
}

interface StreamOptions {
  readonly after?: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Record<string, string>
}

/** An answer over plain HTTP. */
export interface HttpAnswer<Body> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/** The members of a problem+json that tests read. */
export interface ProblemAnswer {
  readonly code: string
}

/**
 * The whole service in this process, on a free port and with its own key prefix. The test uses REDIS_URL; the service
 * uses a Redis user for each role.
 */
export async function startSystem(overrides: Overrides = {}, role: ProcessRole = 'all') {
  const prefix = String(overrides.REDIS_PREFIX ?? freshPrefix())
  const settings = {
    PORT: '0',
    REDIS_URL: testRedisUrl,
    REDIS_PREFIX: prefix,
    ...('REDIS_URL' in overrides ? {} : await createRoleUsers(prefix)),
    BOOTSTRAP_KEY: systemKey,
    LOG_LEVEL: 'silent',
    ARCHIVE_URL: 'off',
    WRITES_PER_MINUTE: '100000',
    ...Object.fromEntries(Object.entries(overrides).map(([name, value]) => [name, String(value)])),
  }
  const config = readConfig(settings)
  const redis = new Redis(settings.REDIS_URL)
  redis.on('error', () => undefined)
  const store = openStore(redis, { prefix: config.REDIS_PREFIX, keptEvents: config.LOG_EVENTS })
  await createTestFeed(store)
  const service = await startService(role, config)
  const system = new System(service, store, config.REDIS_PREFIX)
  try {
    if (role === 'all' || role === 'gateway') await system.serves('en')
  } catch (error) {
    await system.close()
    throw error
  }
  return system
}

export class System {
  readonly url: string
  readonly store: Store
  readonly prefix: string
  readonly #service: { stop(): Promise<void> }
  readonly #readers: { drop(): void }[] = []

  constructor(service: { url: string; stop(): Promise<void> }, store: Store, prefix: string) {
    this.url = service.url
    this.store = store
    this.prefix = prefix
    this.#service = service
  }

  get port(): number {
    return Number(new URL(this.url).port)
  }

  /** Headers of a request to the desk. */
  get authorization(): Record<string, string> {
    return { Authorization: `Bearer ${systemKey}`, 'Content-Type': 'application/json' }
  }

  /** Settles when the gateway serves the feed. */
  async serves(feed: string): Promise<void> {
    await eventually(`feed ${feed} is served`, READY_TIMEOUT_MS, async () => {
      const answer = await fetch(`${this.url}/v1/feeds/${feed}`)
      await answer.arrayBuffer()
      return answer.status === 200
    })
  }

  async createFeed(feed: {
    id: string
    lang: string
    title?: string
    stripLimit?: number
    drill?: true
    visibility?: 'partners'
    policy?: Policy
  }): Promise<void> {
    await this.#post('/v1/feeds', { title: `Feed ${feed.id}`, policy: openPolicy, ...feed })
  }

  /** Posts headlines one after the other. Returns their events from the log. */
  async publish(feed: string, lines: number | readonly (string | object)[]): Promise<EventFrame[]> {
    const all = typeof lines === 'number' ? Array.from({ length: lines }, (_, n) => `Line ${n + 1}`) : lines
    const events: EventFrame[] = []
    for (const line of all) {
      const body = typeof line === 'string' ? { text: line } : line
      events.push(await this.#released(feed, `/v1/feeds/${feed}/headlines`, body))
    }
    return events
  }

  async correct(
    feed: string,
    { id, version }: Headline,
    text: string,
    extra: object = {},
  ): Promise<EventFrame> {
    const path = `/v1/feeds/${feed}/headlines/${id}/correct`
    return this.#released(feed, path, { text, ...extra }, { 'If-Match': `"${version}"` })
  }

  async withdraw(feed: string, { id }: Headline, body: object = {}): Promise<EventFrame> {
    return this.#released(feed, `/v1/feeds/${feed}/headlines/${id}/withdraw`, body)
  }

  async hold(feed: string, { id }: Headline, body: object = {}): Promise<EventFrame> {
    return this.#released(feed, `/v1/feeds/${feed}/headlines/${id}/hold`, body)
  }

  async resume(feed: string, headline: Headline): Promise<EventFrame> {
    return this.#actOn('resume', feed, headline)
  }

  async pin(feed: string, headline: Headline): Promise<EventFrame> {
    return this.#actOn('pin', feed, headline)
  }

  async unpin(feed: string, headline: Headline): Promise<EventFrame> {
    return this.#actOn('unpin', feed, headline)
  }

  /** Calls the headline breaking for another while. */
  async label(feed: string, { id, version }: Headline, body: object = {}): Promise<EventFrame> {
    const path = `/v1/feeds/${feed}/headlines/${id}/label`
    return this.#released(feed, path, body, { 'If-Match': `"${version}"` })
  }

  async unlabel(feed: string, headline: Headline): Promise<EventFrame> {
    return this.#actOn('unlabel', feed, headline)
  }

  async expire(feed: string, headline: Headline): Promise<EventFrame> {
    return this.#actOn('expire', feed, headline)
  }

  /**
   * Writes many events of 5 KB without the API, for tests that need many bytes. All but the first one pin the same
   * headline, so that all keep their words. Returns the last seq.
   */
  async flood(feed: string, events: number): Promise<number> {
    const long = '🇬🇧'.repeat(280)
    const id = newId()
    const content = contentSchema.parse({ text: long, note: long })
    await save(this.store, publish(id, '-', { feed, content }))
    let seq = await this.#releaseAll(feed)
    for (let left = events - 1; left > 0; left -= FLOOD_AT_ONCE) {
      const pins = Array.from({ length: Math.min(left, FLOOD_AT_ONCE) }, () => pin(id, 'any'))
      await Promise.all(pins.map((change) => save(this.store, { ...change, feed })))
      seq = await this.#releaseAll(feed)
    }
    return seq
  }

  /** The log, read from Redis without the gateway, with the marks that a gateway adds. */
  async events(feed: string, afterSeq = 0): Promise<EventFrame[]> {
    return this.#asSent(feed, await readAfter(this.store, feed, afterSeq, 100_000))
  }

  /** Opens a WebSocket reader. Errors: `Refused` when the handshake is refused. */
  async connect(feed: string, { after, query = {}, ...options }: ConnectOptions = {}): Promise<WsReader> {
    const search = new URLSearchParams(query).toString()
    const base = `${this.url.replace('http', 'ws')}/v1/feeds/${feed}/live`
    return this.#own(new WsReader(search ? `${base}?${search}` : base, options)).connect(after)
  }

  /** Opens a reader of server-sent events. */
  async stream(feed: string, { after, query = {}, headers = {} }: StreamOptions = {}): Promise<SseReader> {
    const search = new URLSearchParams({ ...query, ...(after !== undefined && { after }) }).toString()
    return this.#own(await SseReader.open(`${this.url}/v1/feeds/${feed}/events?${search}`, headers))
  }

  page(
    feed: string,
    query: Readonly<Record<string, string | number>> = {},
    headers: Record<string, string> = {},
  ): Promise<HttpAnswer<Page & ProblemAnswer>> {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) search.set(name, String(value))
    return this.get(`/v1/feeds/${feed}/events?${search.toString()}`, headers)
  }

  snapshot(
    feed: string,
    headers: Record<string, string> = {},
  ): Promise<HttpAnswer<Snapshot & ProblemAnswer>> {
    return this.get(`/v1/feeds/${feed}`, headers)
  }

  async get<Body>(path: string, headers: Record<string, string> = {}): Promise<HttpAnswer<Body>> {
    const answer = await fetch(`${this.url}${path}`, { headers })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: JSON.parse(text || '{}') as Body }
  }

  /** The value of a metric with these labels, as in `a{b="c"}`; 0 when the metric does not exist yet. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text()
    const line = text.split('\n').find((each) => each.startsWith(`flashline_${name} `))
    return Number(line?.split(' ').at(-1) ?? 0)
  }

  /** Stops the service in the same way as SIGTERM. */
  stop(): Promise<void> {
    return this.#service.stop()
  }

  async close(): Promise<void> {
    for (const reader of this.#readers) reader.drop()
    await this.#service.stop()
    this.store.redis.disconnect()
  }

  #own<Reader extends { drop(): void }>(reader: Reader): Reader {
    this.#readers.push(reader)
    return reader
  }

  async #asSent(feed: string, entries: readonly LogEntry[]): Promise<EventFrame[]> {
    const [head] = await readHeads(this.store, [feed])
    const secret = head?.markKey?.secret
    return entries.map((entry) => {
      const event = eventOf(entry)
      const position = parsePosition(event.position)
      return secret && position ? { ...event, mark: markOf(secret, position, entry.chain) } : event
    })
  }

  async #releaseAll(feed: string): Promise<number> {
    const released = await releaseDue(this.store, feed)
    return released === 'no-feed' ? 0 : released.head.seq
  }

  #actOn(action: string, feed: string, { id, version }: Headline): Promise<EventFrame> {
    const path = `/v1/feeds/${feed}/headlines/${id}/${action}`
    return this.#released(feed, path, {}, { 'If-Match': `"${version}"` })
  }

  async #released(
    feed: string,
    path: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<EventFrame> {
    const { position } = await this.#post(path, body, headers)
    const seq = Number(position.split(':')[1])
    const [event] = await this.#asSent(feed, await readAfter(this.store, feed, seq - 1, 1))
    if (!event) throw new Error(`the log has no ${position}`)
    return event
  }

  async #post(
    path: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<{ position: string }> {
    const answer = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { ...this.authorization, ...headers },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
    return JSON.parse(text) as { position: string }
  }
}
