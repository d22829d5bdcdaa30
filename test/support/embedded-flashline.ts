import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page, Snapshot } from '../../src/protocol/frames.ts'
import { freePort } from './cluster.ts'
import { isAProcess } from './contract/watch-fetch.ts'
import { eventually } from './eventually.ts'
import { openPolicy } from './redis.ts'
import { startScript, type StartedScript } from './started-script.ts'

const FEED_TIMEOUT_MS = 20_000

/** `npm start` on a data folder, and an editor with its first key. */
export class EmbeddedFlashline {
  readonly url: string
  readonly dataDir: string
  readonly process: StartedScript
  readonly #key: string

  private constructor(url: string, dataDir: string, process: StartedScript, key: string) {
    this.url = url
    this.dataDir = dataDir
    this.process = process
    this.#key = key
  }

  static async start(
    dataDir: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<EmbeddedFlashline> {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const process = startScript(
      'scripts/start.mjs',
      [],
      settingsFor(dataDir, { PORT: String(port), WRITES_PER_MINUTE: '100000', ...env }),
    )
    try {
      await process.ready()
    } catch (error) {
      await process.end()
      throw error
    }
    isAProcess(url)
    const key = env.BOOTSTRAP_KEY ?? (await readFile(join(dataDir, 'first-run-key'), 'utf8')).trim()
    return new EmbeddedFlashline(url, dataDir, process, key)
  }

  /** Runs another script of the project on the same data. */
  async run(script: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
    return runOn(this.dataDir, script, ...args)
  }

  async get(path: string): Promise<{ body: unknown; etag: string }> {
    return this.#call('GET', path)
  }

  async createFeed(feed: { id: string; title: string; lang: string }): Promise<void> {
    await this.#call('POST', '/v1/feeds', { ...feed, policy: openPolicy })
  }

  async post(text: string, feed = 'news'): Promise<string> {
    const { body } = await this.#call('POST', `/v1/feeds/${feed}/headlines`, {
      ...{ text, urgency: 'flash' },
    })
    return (body as { headline: { id: string } }).headline.id
  }

  async act(id: string, action: string, body: object, feed = 'news'): Promise<void> {
    const path = `/v1/feeds/${feed}/headlines/${id}`
    const { etag } = await this.get(path)
    await this.#call('POST', `${path}/${action}`, body, { 'if-match': etag })
  }

  /** Waits until the feed is loaded. */
  async snapshot(feed = 'news'): Promise<Snapshot> {
    return eventually('the feed is loaded', FEED_TIMEOUT_MS, async () => {
      const answer = await fetch(`${this.url}/v1/feeds/${feed}`)
      return answer.ok && ((await answer.json()) as Snapshot)
    })
  }

  /** All events of the epoch, as pages give them now. */
  async events(feed = 'news'): Promise<Page['events'][number][]> {
    const { position } = await this.snapshot(feed)
    const events: Page['events'][number][] = []
    let after = `${position.split(':')[0]}:0`
    for (;;) {
      const { body } = await this.get(`/v1/feeds/${feed}/events?after=${after}`)
      const page = body as Page
      if (page.reset) throw new Error(`The log begins after ${after}`)
      if (page.events.length === 0) return events
      events.push(...page.events)
      after = page.position
    }
  }

  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text()
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
  }

  async #call(
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ body: unknown; etag: string }> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`)
    return { body: JSON.parse(text) as unknown, etag: answer.headers.get('etag') ?? '' }
  }
}

/** Runs a script of the project on a data folder. */
export async function runOn(
  dataDir: string,
  script: string,
  ...args: string[]
): Promise<{ code: number | null; output: string }> {
  const started = startScript(script, args, settingsFor(dataDir))
  return { code: await started.exitCode, output: started.output }
}

/** The settings of a data folder with a Redis and an archive of its own. */
export function settingsFor(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const none = {
    REDIS_URL: '',
    REDIS_URL_API: '',
    REDIS_URL_WORKER: '',
    REDIS_URL_GATEWAY: '',
    ARCHIVE_URL: '',
  }
  return { ...none, REDIS_PREFIX: '', LOG_LEVEL: '', DATA_DIR: dataDir, DRAIN_MS: '100', ...env }
}
