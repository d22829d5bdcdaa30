import { createServer } from 'node:http'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import type { ApiDeps } from '../../src/api/http/api-deps.ts'
import { createApi } from '../../src/api/create-api.ts'
import { AcceptedActs } from '../../src/api/live/accepted-acts.ts'
import { DeskStreams } from '../../src/api/live/desk-streams.ts'
import { DutyKeeper } from '../../src/api/duties/duty-keeper.ts'
import { randomIds } from '../../src/api/http/ids.ts'
import { Turns } from '../../src/api/http/turns.ts'
import { ReceiptKeeper } from '../../src/api/receipts/receipt-keeper.ts'
import { ReleaseWatch } from '../../src/api/live/release-watch.ts'
import { openStore } from '../../src/eventlog/store/store.ts'
import { openDoorbell } from '../../src/fanout/queues.ts'
import { openReleaseJobs } from '../../src/fanout/release-jobs.ts'
import { Subscriptions } from '../../src/fanout/subscriptions.ts'
import { issueKey } from '../../src/people/api-keys.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import type { Role } from '../../src/protocol/lists/roles.ts'
import { peopleOn } from './people.ts'
import { createTestFeed, freshPrefix, testRedisUrl } from './redis.ts'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: ReplyBody
}

/** The members of answers that tests read; each answer has some of them. */
export interface ReplyBody {
  readonly id: string
  readonly status: unknown
  readonly code: string
  readonly headline: { readonly id: string; readonly version: number; readonly status: string }
  readonly position: string | null
  readonly versions: readonly { readonly content: Readonly<Record<string, unknown>> }[]
  readonly errors: readonly unknown[]
  readonly key: string
  readonly keys: readonly unknown[]
  readonly createdAt: string
  readonly requestId: string
  readonly token: string
  readonly holders: { readonly accounts: readonly object[]; readonly keys: readonly object[] }
  readonly version: number
  readonly current: { readonly version: number; readonly proposal?: object }
  readonly csrfToken: string
  readonly person: string
  readonly secret: string
  readonly uri: string
  readonly recoveryCodes: readonly string[]
  readonly invitations: readonly { readonly id: string }[]
  readonly sessions: readonly { readonly current: boolean; readonly ip: string }[]
  readonly accounts: readonly {
    readonly id: string
    readonly email: string
    readonly roles: object
    readonly version: number
  }[]
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Operation {
  readonly requestBody: { readonly content: Readonly<Record<string, { readonly schema: object }>> }
  readonly responses: object
}

export interface RequestOptions {
  readonly method?: string
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  /** A string or bytes are sent unchanged, other values as JSON. */
  readonly body?: unknown
}

interface StartOptions {
  readonly fallbackMs?: number
  readonly writesPerMinute?: number
  readonly heartbeatMs?: number
  readonly ssoOnly?: boolean
  /** The archive; none if left out. */
  readonly archive?: ApiDeps['archive']
  /** The prefix of another ApiServer, to run a second process on the same keys. */
  readonly prefix?: string
  /** Replaces a dependency by one that fails. */
  readonly change?: (deps: ApiDeps) => Partial<ApiDeps>
}

/** A listener of the desk stream that receives nothing for this time is closed. */
const SLOW_MS = 300

/** The API on a real port with a real Redis and a feed `en`. No worker runs, so the API releases headlines itself. */
export async function startApi({
  fallbackMs = 20,
  writesPerMinute = 10_000,
  heartbeatMs = 10_000,
  ssoOnly = false,
  prefix = freshPrefix(),
  archive = () => undefined,
  change,
}: StartOptions = {}) {
  const [redis, subscriber, queueRedis] = [
    new Redis(testRedisUrl),
    new Redis(testRedisUrl),
    new Redis(testRedisUrl),
  ]
  const store = openStore(redis, { prefix, keptEvents: 10_000 })
  const doorbell = openDoorbell(queueRedis, store.keys.queues)
  const jobs = openReleaseJobs(queueRedis, store.keys.queues)
  const releases = new ReleaseWatch(store.keys)
  const logLines: string[] = []
  const logger = pino({ level: 'info' }, { write: (line) => logLines.push(line) })
  const desk = new DeskStreams({ store, archive }, logger, { heartbeatMs, slowMs: SLOW_MS })
  const receipts = new ReceiptKeeper({ store, desk, logger })
  const metrics = createMetrics()
  const subscriptions = new Subscriptions(subscriber, { logger, metrics })
  await Promise.all([releases, desk, receipts].map((part) => part.listen(subscriptions)))
  const accepted = new AcceptedActs()
  const clock = { now: () => Date.now() }
  const people = peopleOn(store, () => clock.now())
  // A test looks for left duties itself.
  const duties = new DutyKeeper({
    store,
    people,
    logger,
    newId: people.ids.id,
    ring: (feed) => void doorbell.ring(feed).catch(() => undefined),
  })
  const deps: ApiDeps = {
    store,
    archive,
    people,
    duties,
    doorbell,
    jobs,
    releases,
    accepted,
    newsTurns: new Turns(),
    metrics,
    logger,
    desk,
    clock: () => clock.now(),
    ids: randomIds,
    durability: () => 'always',
    replication: () => 'none',
    config: {
      HEARTBEAT_MS: heartbeatMs,
      RELEASE_FALLBACK_MS: fallbackMs,
      WRITES_PER_MINUTE: writesPerMinute,
      TRUST_PROXY: 1,
      SSO_ONLY: ssoOnly ? 'on' : 'off',
    },
    servesReaders: true,
  }
  const server = createServer(createApi({ ...deps, ...change?.(deps) })).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  await createTestFeed(store)
  const owner = { credential: 'key:bootstrap', person: 'bootstrap', name: 'bootstrap' }
  const keyFor = async (role: Role, feed = '*') => {
    const wanted = { name: `${role} key`, kind: 'person', roles: { [feed]: role } } as const
    return (await issueKey(people, owner, wanted)).key
  }
  const keys = {
    reader: await keyFor('reader'),
    editor: await keyFor('editor'),
    admin: await keyFor('admin'),
  }

  async function request(
    path: string,
    { method = 'GET', key, headers = {}, body }: RequestOptions = {},
  ): Promise<Reply> {
    const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: JSON.parse(text || '{}') as ReplyBody,
    }
  }

  const post = (
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
    key = keys.editor,
  ) => request(path, { method: 'POST', key, body, headers })

  return {
    prefix,
    people,
    store,
    metrics,
    clock,
    keys,
    url: `http://127.0.0.1:${port}`,
    desk,
    duties,
    keyFor,
    logLines,
    accepted,
    request,
    post,
    publish: (body: object = { text: 'Bridge closed' }, headers?: Readonly<Record<string, string>>) =>
      post('/v1/feeds/en/headlines', body, headers),
    act: (id: string, action: string, body?: unknown, headers?: Readonly<Record<string, string>>) =>
      post(`/v1/feeds/en/headlines/${id}/${action}`, body, headers),
    read: (id: string) => request(`/v1/feeds/en/headlines/${id}`, { key: keys.reader }),
    /** Sends raw bytes, which an HTTP client could not send, and returns the status code. */
    async raw(bytes: string): Promise<number> {
      const socket = connect(port, '127.0.0.1')
      socket.end(bytes)
      let answer = ''
      for await (const chunk of socket) answer += String(chunk)
      return Number(answer.split(' ')[1])
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await duties.close()
      await Promise.all([doorbell.close(), jobs.close()])
      for (const connection of [redis, subscriber, queueRedis]) await connection.quit()
    },
  }
}

export type TestApi = Awaited<ReturnType<typeof startApi>>
