import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { openPolicy } from './redis.ts'
import { isAProcess } from './contract/watch-fetch.ts'

const READY_TIMEOUT_MS = 20_000
const STOP_TIMEOUT_MS = 15_000

export interface Posted {
  readonly id: string
  readonly etag: string
}

export interface BuiltService {
  readonly url: string
  /** An admin's key. */
  readonly key: string
  readonly createFeed: (feed: {
    id: string
    title: string
    lang: string
    drill?: true
    visibility?: 'partners'
  }) => Promise<void>
  readonly post: (feed: string, line: Record<string, unknown>) => Promise<Posted>
  readonly correct: (feed: string, posted: Posted, change: Record<string, unknown>) => Promise<void>
  readonly withdraw: (feed: string, posted: Posted, why: Record<string, unknown>) => Promise<void>
  /** Stops, calls the function, and starts again at the same address. */
  readonly restart: (meanwhile: () => Promise<void>) => Promise<void>
  readonly stop: () => Promise<void>
  /** Token that signs in the first admin once, where `FIRST_ADMIN_EMAIL` is set. */
  readonly firstSignIn: string | undefined
}

/** The compiled service as a separate process, with its own key prefix in the test Redis. `onLog` gets its log. */
export async function startBuiltService(
  overrides: Readonly<Record<string, string>> = {},
  onLog?: (text: string) => void,
): Promise<BuiltService> {
  const key = randomBytes(32).toString('base64url')
  const settings = {
    ...process.env,
    HOST: '127.0.0.1',
    REDIS_URL: process.env.TEST_REDIS_URL,
    REDIS_PREFIX: `page-${randomBytes(6).toString('hex')}`,
    BOOTSTRAP_KEY: key,
    LOG_LEVEL: 'error',
    ARCHIVE_URL: 'off',
    DRAIN_MS: '500',
    ...overrides,
  }
  let running = await startProcess({ ...settings, PORT: '0' }, onLog)
  const { url, firstSignIn } = running
  isAProcess(url)

  async function call(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Posted> {
    const answer = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`POST ${path} was answered with ${answer.status}: ${text}`)
    const { headline } = JSON.parse(text) as { headline?: { id: string } }
    return { id: headline?.id ?? '', etag: answer.headers.get('etag') ?? '' }
  }

  return {
    url,
    key,
    firstSignIn,
    async createFeed(feed) {
      await call('/v1/feeds', { ...feed, policy: openPolicy })
    },
    post: (feed, line) => call(`/v1/feeds/${feed}/headlines`, line),
    async correct(feed, { id, etag }, change) {
      await call(`/v1/feeds/${feed}/headlines/${id}/correct`, change, { 'If-Match': etag })
    },
    async withdraw(feed, { id }, why) {
      await call(`/v1/feeds/${feed}/headlines/${id}/withdraw`, why)
    },
    async restart(meanwhile) {
      await stopProcess(running.child)
      await meanwhile()
      running = await startProcess({ ...settings, PORT: new URL(url).port }, onLog)
    },
    stop: () => stopProcess(running.child),
  }
}

/** The message of a process that serves. */
interface Ready {
  readonly url: string
  readonly firstSignIn?: string | undefined
}

async function startProcess(
  env: NodeJS.ProcessEnv,
  onLog?: (text: string) => void,
): Promise<{ child: ChildProcess } & Ready> {
  const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))
  const output = onLog ? 'pipe' : 'ignore'
  const child = spawn(process.execPath, [main, 'all'], { env, stdio: ['ignore', output, 'inherit', 'ipc'] })
  child.stdout?.setEncoding('utf8').on('data', onLog ?? (() => undefined))
  const ended = once(child, 'exit').then(() => {
    throw new Error('The service ended before it was ready')
  })
  try {
    const signal = AbortSignal.timeout(READY_TIMEOUT_MS)
    const [ready] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Ready]
    return { child, ...ready }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    ended.catch(() => undefined)
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  child.kill('SIGTERM')
  await exited
  clearTimeout(late)
}
