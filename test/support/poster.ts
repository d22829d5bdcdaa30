import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { editorKey } from './cluster.ts'

/** A change that the API has acknowledged with 2xx. */
export interface Acknowledged {
  readonly op: 'publish' | 'correct' | 'withdraw'
  readonly id: string
  readonly version: number
  /** undefined when the headline expired before its correction was released. */
  readonly position: string | undefined
  readonly text: string | undefined
  /** performance.now() at the first 2xx. */
  readonly at: number
  /** Release time of a scheduled headline. */
  readonly releaseAt: string | undefined
}

interface Answer {
  readonly status: number
  readonly headline?: { readonly id: string; readonly version: number }
  readonly position?: string | null
  readonly releaseAt?: string
  readonly code?: string
}

const ATTEMPT_TIMEOUT_MS = 4_000
const REQUEST_TIMEOUT_MS = 30_000
/** Most parallel requests: while Redis does not run, no more than these accumulate. */
const MAX_RUNNING_REQUESTS = 100
/** Number of newest headlines that may be corrected or withdrawn; far fewer than the size of the strip. */
const CHANGEABLE = 10
const OUTRUN = new Set<string | undefined>(['stale-version', 'illegal-action'])

/** An editor who repeats each request unchanged until it is answered with 2xx, and records the promises. */
export class Poster {
  readonly acknowledged: Acknowledged[] = []
  /** Requests that got no 2xx in the end. */
  readonly refused: string[] = []
  posted = 0
  /** Corrections that arrived after the expiry of their headline. */
  outrun = 0
  retries = 0
  readonly #apis: readonly { readonly url: string }[]
  readonly #changeable: { id: string; version: number }[] = []
  readonly #running = new Set<Promise<unknown>>()
  #timer: NodeJS.Timeout | undefined
  #abandoned = false

  constructor(apis: readonly { readonly url: string }[]) {
    this.#apis = apis
  }

  /** Posts headlines, sometimes a correction or a withdrawal, until `stop`. */
  start(perSecond: number): void {
    let turn = 0
    this.#timer = setInterval(() => {
      if (this.#running.size >= MAX_RUNNING_REQUESTS) return
      const request = this.#next(turn++).finally(() => this.#running.delete(request))
      this.#running.add(request)
    }, 1_000 / perSecond)
  }

  /** Settles when every request has its answer. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#running)
  }

  /** From now on, corrects and withdraws only headlines that are posted later. */
  forget(): void {
    this.#changeable.length = 0
  }

  /** Aborts the running requests. */
  abandon(): void {
    clearInterval(this.#timer)
    this.#abandoned = true
  }

  async publishMany(count: number): Promise<Acknowledged[]> {
    const all = await Promise.all(Array.from({ length: count }, () => this.publish()))
    return all.filter((acknowledged) => acknowledged !== undefined)
  }

  async publish(body: { readonly releaseAt?: string } = {}): Promise<Acknowledged | undefined> {
    const text = `Line ${this.posted + 1} ${randomUUID()}`
    const line = await this.#send('publish', '/v1/feeds/en/headlines', { text, ...body })
    if (line && body.releaseAt === undefined) this.#changeable.push({ id: line.id, version: line.version })
    if (this.#changeable.length > CHANGEABLE) this.#changeable.shift()
    return line
  }

  #next(turn: number): Promise<unknown> {
    const line = turn % 5 === 4 ? this.#changeable.pop() : undefined
    if (!line) return this.publish()
    return turn % 15 === 14 ? this.withdraw(line.id) : this.#correct(line)
  }

  async #correct({ id, version }: { id: string; version: number }): Promise<void> {
    const body = { text: `Corrected ${randomUUID()}` }
    const headers = { 'if-match': `"${version}"` }
    const corrected = await this.#send('correct', `/v1/feeds/en/headlines/${id}/correct`, body, headers)
    if (corrected) this.#changeable.unshift({ id, version: corrected.version })
  }

  withdraw(id: string): Promise<Acknowledged | undefined> {
    return this.#send('withdraw', `/v1/feeds/en/headlines/${id}/withdraw`, {})
  }

  async #send(
    op: Acknowledged['op'],
    path: string,
    body: { readonly text?: string; readonly releaseAt?: string },
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Acknowledged | undefined> {
    const init = {
      method: 'POST',
      headers: {
        authorization: `Bearer ${editorKey}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...headers,
      },
      body: JSON.stringify(body),
    }
    const deadline = performance.now() + REQUEST_TIMEOUT_MS
    let first: { at: number; id: string; version: number } | undefined
    for (let attempt = this.posted++; !this.#late(deadline); attempt++) {
      const answer = await this.#attempt(this.#apis[attempt % this.#apis.length]?.url ?? '', path, init)
      const { headline, position } = answer ?? {}
      if (answer && headline) {
        first ??= { at: performance.now(), ...headline }
        if (first.id !== headline.id || first.version !== headline.version)
          this.refused.push(`${op} answered with ${headline.id} and before with ${first.id}`)
        const waits = body.releaseAt !== undefined
        if (position || waits || (op === 'correct' && answer.status === 200)) {
          const { releaseAt } = answer
          const { at, id, version } = first
          const change = { op, id, version, position: position ?? undefined, text: body.text, at, releaseAt }
          this.acknowledged.push(change)
          return change
        }
      } else if (answer && answer.status < 500) {
        if (op === 'correct' && OUTRUN.has(answer.code)) this.outrun++
        else this.refused.push(`${op} ${answer.status} ${answer.code}`)
        return undefined
      }
      this.retries++
      await pause(50 + Math.random() * 150)
    }
    this.refused.push(`${op} not answered with a position within ${REQUEST_TIMEOUT_MS} ms`)
    return undefined
  }

  #late(deadline: number): boolean {
    return this.#abandoned || performance.now() > deadline
  }

  async #attempt(url: string, path: string, init: RequestInit): Promise<Answer | undefined> {
    try {
      const response = await fetch(`${url}${path}`, {
        ...init,
        signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
      })
      return { ...((await response.json()) as object), status: response.status }
    } catch {
      // The request may or may not have taken effect.
      return undefined
    }
  }
}
