import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { editorKey } from './cluster.ts'

/** A change that the API has acknowledged with 2xx. */
export interface Acknowledged {
  readonly op: 'publish' | 'correct' | 'withdraw'
  readonly id: string
  readonly version: number
  /** undefined where a line's time was over before its correction could be released. */
  readonly position: string | undefined
  readonly text: string | undefined
  /** performance.now() of the first 2xx. */
  readonly at: number
  /** Release time of a line that waits. */
  readonly releaseAt: string | undefined
}

interface Answer {
  readonly status: number
  readonly headline?: { readonly id: string; readonly version: number }
  readonly position?: string | null
  readonly releaseAt?: string
  readonly code?: string
}

const ATTEMPT_LIMIT_MS = 4_000
const REQUEST_LIMIT_MS = 30_000
/** Requests under way at once: as many as a Redis that is away may pile up. */
const MOST_UNDER_WAY = 100
/** Lines whose turn to be corrected or withdrawn may come; far fewer than the strip shows. */
const CHANGEABLE = 10
const OUTRUN = new Set<string | undefined>(['stale-version', 'illegal-action'])

/** An editor who sends each request again, unchanged, until it is answered 2xx, and notes what was promised. */
export class Poster {
  readonly acknowledged: Acknowledged[] = []
  /** Requests that were answered with anything but 2xx in the end. */
  readonly refused: string[] = []
  posted = 0
  /** Corrections that came after their line's time was over. */
  outrun = 0
  retries = 0
  readonly #apis: readonly { readonly url: string }[]
  readonly #changeable: { id: string; version: number }[] = []
  readonly #underWay = new Set<Promise<unknown>>()
  #timer: NodeJS.Timeout | undefined
  #abandoned = false

  constructor(apis: readonly { readonly url: string }[]) {
    this.#apis = apis
  }

  /** Lines, with a correction or a withdrawal now and then, until `stop`. */
  start(perSecond: number): void {
    let turn = 0
    this.#timer = setInterval(() => {
      if (this.#underWay.size >= MOST_UNDER_WAY) return
      const request = this.#next(turn++).finally(() => this.#underWay.delete(request))
      this.#underWay.add(request)
    }, 1_000 / perSecond)
  }

  /** Settles when every request has its answer. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#underWay)
  }

  /** What was posted so far is not corrected or withdrawn any more. */
  forget(): void {
    this.#changeable.length = 0
  }

  /** Gives up what is under way. */
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
    const deadline = performance.now() + REQUEST_LIMIT_MS
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
    this.refused.push(`${op} not answered with a position within ${REQUEST_LIMIT_MS} ms`)
    return undefined
  }

  #late(deadline: number): boolean {
    return this.#abandoned || performance.now() > deadline
  }

  async #attempt(url: string, path: string, init: RequestInit): Promise<Answer | undefined> {
    try {
      const response = await fetch(`${url}${path}`, {
        ...init,
        signal: AbortSignal.timeout(ATTEMPT_LIMIT_MS),
      })
      return { ...((await response.json()) as object), status: response.status }
    } catch {
      // It may or may not have taken effect.
      return undefined
    }
  }
}
