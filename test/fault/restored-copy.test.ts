import { afterEach, expect, it } from '@jest/globals'
import { Cluster, editorKey, type Member } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { Poster } from '../support/poster.ts'
import { snapshotOf } from '../support/scenario.ts'
import { fold, stripOf, type Strip } from '../../src/protocol/fold.ts'
import type { Page } from '../../src/protocol/frames.ts'
import { withMark } from '../../src/protocol/position.ts'

let cluster: Cluster | undefined
afterEach(() => cluster?.close())

/** `FAULTS=full` tries the border, and many more lines than the readers have. */
const returns: [string, number][] = [
  ['before new lines pass its position', 3],
  ['after new lines have passed its position', 14],
  ...(process.env.FAULTS === 'full'
    ? ([
        ['before any new line', 0],
        ['when new lines have just reached its position', 9],
        ['when new lines have just passed its position', 10],
        ['after the strip is another one', 80],
      ] as [string, number][])
    : []),
]

it.each(returns)(
  'puts every reader right when an older copy is restored while no gateway runs, and a reader returns %s',
  async (_when, posted) => {
    cluster = await Cluster.start()
    const [gateway] = cluster.gateways as [Member]
    const poster = new Poster(cluster.apis)
    await poster.publishMany(5)
    await cluster.copyRedisData()
    await poster.publishMany(9)
    const [marked, today] = [new PageReader(true), new PageReader(false)]
    await eventually('the gateway has all lines', 10_000, async () =>
      (await snapshotOf(gateway)).position.endsWith(':14'),
    )
    for (const reader of [marked, today]) expect(await reader.read(gateway.url)).toBe('start')

    await gateway.kill()
    await cluster.killRedis()
    await cluster.restoreRedisData()
    await cluster.startRedis()
    poster.forget()
    await poster.publishMany(posted)
    await gateway.start()
    await eventually('the gateway serves', 10_000, async () => (await fetch(`${gateway.url}/v1/feeds/en`)).ok)
    const before = await snapshotOf(gateway)

    expect(await marked.read(gateway.url)).toBe(posted >= 9 ? 'mark' : 'range')
    await eventually('a new epoch', 10_000, async () => {
      const { position } = await snapshotOf(gateway)
      return position.split(':')[0] !== before.position.split(':')[0]
    })
    // The SDK of 0.2 sends no mark; the new epoch resets it.
    expect(await today.read(gateway.url)).toBe('epoch')
    expect(await marked.read(gateway.url)).toBe('epoch')
    const { strip } = await snapshotOf(gateway)
    for (const reader of [marked, today]) expect(reader.texts).toEqual(strip.map(({ text }) => text).sort())

    expect(await gateway.metric('flashline_marks_unfit_total')).toBeGreaterThan(0)
    expect(gateway.log.map(({ event }) => event)).toContain('log-contradicts-reader')
    const audit = await auditOf(cluster.apis[0]!)
    expect(audit.filter(({ action }) => action === 'log-forked')).toHaveLength(1)
  },
  60_000,
)

/** A reader of pages. `sendsMarks`: whether it gives marks back, as the SDK of 0.2 does not. */
class PageReader {
  readonly #sendsMarks: boolean
  #cursor: string | undefined
  #strip: Strip = new Map()

  constructor(sendsMarks: boolean) {
    this.#sendsMarks = sendsMarks
  }

  get texts(): string[] {
    return [...this.#strip.values()].map(({ text }) => text).sort()
  }

  /** Reads one page. Returns the reason of its reset. */
  async read(url: string): Promise<string | undefined> {
    const query = this.#cursor === undefined ? '' : `?after=${this.#cursor}`
    const answer = await fetch(`${url}/v1/feeds/en/events${query}`)
    expect(answer.status).toBe(200)
    const { reset, events, position, mark } = (await answer.json()) as Page
    if (reset) this.#strip = stripOf(reset.strip)
    this.#strip = events.reduce((strip, event) => fold(strip, event), this.#strip)
    this.#cursor = withMark(position, this.#sendsMarks ? mark : undefined)
    return reset?.reason
  }
}

async function auditOf({ url }: Member): Promise<{ action: string }[]> {
  const answer = await fetch(`${url}/v1/feeds/en/audit?limit=500`, {
    headers: { authorization: `Bearer ${editorKey}` },
  })
  return ((await answer.json()) as { entries: { action: string }[] }).entries
}
