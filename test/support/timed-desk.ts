import { randomUUID } from 'node:crypto'
import { editorKey, type Cluster } from './cluster.ts'
import { eventually } from './eventually.ts'

const FEED = '/v1/feeds/timed'
const REQUEST_TIMEOUT_MS = 20_000
const ATTEMPT_TIMEOUT_MS = 4_000

/** An accepted headline with its planned release time in ms. */
export interface Line {
  readonly id: string
  readonly releaseAt: number
}

export interface Listed {
  readonly id: string
  readonly status: string
  readonly publishedAt?: string
}

/** The members of answers that tests read; each answer has some of them. */
interface Answer {
  readonly status: number
  readonly headline: { readonly id: string }
  readonly releaseAt: string
  readonly headlines: readonly Listed[]
  readonly next?: string
  readonly entries: readonly { n: number; at: string; headline: string; action: string }[]
  readonly position: string
  readonly events: readonly { op: string; headline: { id: string } }[]
}

/** An editor who posts only waiting headlines, in the feed `timed` of a cluster. */
export class TimedDesk {
  readonly #cluster: Cluster
  #posted = 0

  private constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  static async open(
    cluster: Cluster,
    { undoMs, maxDriftMs }: { readonly undoMs: number; readonly maxDriftMs: number },
  ): Promise<TimedDesk> {
    const desk = new TimedDesk(cluster)
    const policy = {
      undoMs: { bulletin: undoMs },
      maxDriftMs,
      releasesPerMinute: 100_000,
      duplicateWithinMs: 0,
    }
    const feed = { id: 'timed', title: 'Timed', lang: 'en', stripLimit: 200, policy }
    await eventually('the feed is created', REQUEST_TIMEOUT_MS, async () => {
      const created = await desk.#ask('apis', '/v1/feeds', { body: feed })
      return created?.status === 201 || created?.status === 200
    })
    return desk
  }

  /** Repeats the request unchanged until it is accepted. */
  post(times: { readonly releaseAt?: string; readonly expiresAt?: string }): Promise<Line> {
    const key = randomUUID()
    const body = { text: `Line ${++this.#posted}`, ...times }
    return eventually('a headline is accepted', REQUEST_TIMEOUT_MS, async () => {
      const answer = await this.#ask('apis', `${FEED}/headlines`, { body, key })
      if (answer?.status !== 202) return undefined
      return { id: answer.headline.id, releaseAt: Date.parse(answer.releaseAt) }
    })
  }

  /** Reads all pages of the list. */
  async list(query: string): Promise<Listed[]> {
    const all: Listed[] = []
    for (let cursor = ''; ;) {
      const page = await this.#read('apis', `${FEED}/headlines?limit=100&${query}${cursor}`)
      all.push(...page.headlines)
      if (page.next === undefined) return all
      cursor = `&cursor=${page.next}`
    }
  }

  /** The time at which each headline became needs-decision, in ms, from the audit. */
  async decisions(): Promise<Map<string, number>> {
    const found = new Map<string, number>()
    for (let after = 0; ;) {
      const { entries } = await this.#read('apis', `${FEED}/audit?limit=500&after=${after}`)
      for (const { n, at, headline, action } of entries) {
        if (action === 'needs-decision') found.set(headline, Date.parse(at))
        after = n
      }
      if (entries.length === 0) return found
    }
  }

  /** Ids of the headlines in the readers' events, repeats included, when there are at least this many. */
  published(count: number): Promise<string[]> {
    return eventually('the gateway has the headlines', REQUEST_TIMEOUT_MS, async () => {
      const { position } = await this.#read('gateways', FEED)
      const [epoch] = position.split(':')
      const { events } = await this.#read('gateways', `${FEED}/events?limit=500&after=${epoch}:0`)
      const ids = events.filter(({ op }) => op === 'publish').map(({ headline }) => headline.id)
      return ids.length >= count && ids
    })
  }

  async #read(role: 'apis' | 'gateways', path: string): Promise<Answer> {
    const answer = await this.#ask(role, path)
    if (answer?.status !== 200) throw new Error(`${path} was answered with ${answer?.status}`)
    return answer
  }

  /** undefined when no answer arrived. */
  async #ask(
    role: 'apis' | 'gateways',
    path: string,
    { body, key = randomUUID() }: { readonly body?: object; readonly key?: string } = {},
  ): Promise<Answer | undefined> {
    const members = this.#cluster[role]
    const { url = '' } = members[this.#posted % members.length] ?? {}
    try {
      const response = await fetch(url + path, {
        method: body ? 'POST' : 'GET',
        headers: {
          authorization: `Bearer ${editorKey}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
        ...(body && { body: JSON.stringify(body) }),
      })
      return { ...((await response.json()) as Answer), status: response.status }
    } catch {
      return undefined
    }
  }
}
