import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { EventFrame } from '../../src/protocol/frames.ts'
import { Cluster, editorKey, freePort } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { EventStreamReader, PollingReader, WebSocketReader, type Reader } from '../support/readers.ts'
import { RedisReplica } from '../support/redis-replica.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'
import { snapshotOf } from '../support/scenario.ts'

/** `FAULTS=full` has three times as many headlines; with more the strip would be full, and headlines would expire. */
const TIMES = process.env.FAULTS === 'full' ? 3 : 1
/** Two checks of an api, one of a gateway, and the time for which gateways let the apis go first. */
const RECOVERY_LIMIT_MS = 10_000

interface Line {
  readonly id: string
  readonly version: number
  readonly text: string
}

interface Shown {
  readonly id: string
  readonly version: number
  readonly status: string
  readonly content?: { readonly text: string }
  readonly desk?: {
    readonly unproved?: true
    readonly proposal?: { readonly content: { readonly text: string } }
  }
  readonly attention?: { readonly lost?: string; readonly action: string; readonly text?: string }
  readonly versions: readonly { readonly action: string; readonly act: { by: string; repeats?: number } }[]
}

let cluster: Cluster
let proxy: TcpProxy
let replica: RedisReplica
let readers: Reader[]

beforeEach(async () => {
  const port = await freePort()
  proxy = await TcpProxy.start(port)
  const redisUrl = proxy.url.replace('http', 'redis')
  cluster = await Cluster.start({ apis: 2, gateways: 2, workers: 2, redisPort: port, redisUrl })
  replica = await RedisReplica.start({ port, dataDir: cluster.redisDataDir })
  const { gateways } = cluster
  readers = [
    new WebSocketReader('ws', gateways),
    new EventStreamReader('sse', gateways.toReversed()),
    new PollingReader('poll', gateways),
  ]
}, 60_000)

afterEach(async () => {
  await Promise.all(readers.map((reader) => reader.stop()))
  await cluster.close()
  await replica.close()
  proxy.close()
}, 60_000)

let requests = 0

async function send(method: string, path: string, body?: object, version?: number): Promise<Response> {
  const api = cluster.apis[requests++ % cluster.apis.length]
  return fetch(`${api?.url}/v1/feeds/en/headlines${path}`, {
    method,
    headers: {
      authorization: `Bearer ${editorKey}`,
      'content-type': 'application/json',
      ...(version !== undefined && { 'if-match': `"${version}"` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
}

async function act(path: string, body: object, version?: number): Promise<Line> {
  const answer = await send('POST', path, body, version)
  const { headline } = (await answer.json()) as { headline?: { id: string; version: number } }
  if (!headline) throw new Error(`${path} was answered with ${answer.status}`)
  return { ...headline, text: (body as { text?: string }).text ?? '' }
}

async function post(count: number, what: string): Promise<Line[]> {
  const lines: Line[] = []
  for (let n = 1; n <= count * TIMES; n++) lines.push(await act('', { text: `${what} ${n}` }))
  return lines
}

const each = (lines: readonly Line[], action: string, body: (line: Line) => object = () => ({})) =>
  Promise.all(lines.map((line) => act(`/${line.id}/${action}`, body(line), line.version)))

async function read({ id }: Pick<Line, 'id'>): Promise<Shown | undefined> {
  const answer = await send('GET', `/${id}`)
  return answer.status === 200 ? ((await answer.json()) as Shown) : undefined
}

async function listed(query: string): Promise<Shown[]> {
  const answer = await send('GET', `?limit=100&${query}`)
  return ((await answer.json()) as { headlines: Shown[] }).headlines
}

/** Accepted, seen by every reader, and never sent to the replica. */
async function actsInTheGap() {
  const kept = await post(8, 'Kept')
  const admin = cluster.redisAs('admin')
  expect(await admin.wait(1, 10_000)).toBe(1)
  admin.disconnect()
  const before = await agreed()
  replica.cutLink()

  const withdrawn = kept.slice(0, 2 * TIMES)
  const held = kept.slice(2 * TIMES, 4 * TIMES)
  const corrected = kept.slice(4 * TIMES, 6 * TIMES)
  await each(withdrawn, 'withdraw')
  await each(held, 'hold')
  await each(corrected, 'correct', ({ text }) => ({ text: `${text} corrected` }))
  const lost = await post(6, 'Lost')
  const lostAndWithdrawn = await post(1, 'Gone')
  await each(lostAndWithdrawn, 'withdraw')
  await agreed()
  return { kept, before, withdrawn, held, corrected, lost, lostAndWithdrawn }
}

/** Settles when all readers and gateways are at the same position. */
async function agreed(): Promise<string> {
  return eventually('readers and gateways agree', 15_000, async () => {
    const positions = await Promise.all(
      cluster.gateways.map(async (gateway) => (await snapshotOf(gateway)).position),
    )
    const [position = ''] = positions
    const same = [...positions, ...readers.map((reader) => reader.position)].every((one) => one === position)
    return same && position
  })
}

async function failOver(): Promise<void> {
  await replica.promote()
  proxy.servicePort = replica.port
  proxy.cut()
}

async function newEpoch(before: string): Promise<void> {
  const epoch = before.split(':')[0] ?? ''
  await eventually('a new epoch at every reader', RECOVERY_LIMIT_MS, () =>
    readers.every(({ position }) => position !== undefined && !position.startsWith(epoch)),
  )
}

/** The events of the new epoch. */
function eventsAfter(before: string): EventFrame[] {
  const epoch = before.split(':')[0] ?? ''
  return readers.flatMap(({ steps }) =>
    steps.flatMap((step) =>
      step.kind === 'event' && !step.frame.position.startsWith(epoch) ? [step.frame] : [],
    ),
  )
}

function print(what: string, begun: number): void {
  process.stdout.write(`\nfailover: ${what} after ${Math.round(performance.now() - begun)} ms\n`)
}

const idsOf = (lines: readonly { id: string }[]) => lines.map(({ id }) => id).sort()

async function expectStatus(lines: readonly Line[], status: string): Promise<void> {
  await eventually(`${lines.length} headlines are ${status}`, RECOVERY_LIMIT_MS, async () => {
    const found = await Promise.all(lines.map(read))
    return found.every((line) => line?.status === status)
  })
}

describe('a failover to a replica that lacks the newest acts', () => {
  it('undoes no removal, shows no lost line, and puts each lost line to the desk once', async () => {
    const { kept, before, withdrawn, held, corrected, lost, lostAndWithdrawn } = await actsInTheGap()

    await failOver()

    const begun = performance.now()
    await expectStatus(withdrawn, 'withdrawn')
    await expectStatus(held, 'held')
    await expectStatus(lost, 'needs-decision')
    await expectStatus(lostAndWithdrawn, 'withdrawn')
    print('removals repeated, lines at the desk', begun)
    await newEpoch(before)
    await agreed()
    for (const line of [...withdrawn, ...held]) {
      const { by, repeats } = (await read(line))?.versions.at(-1)?.act ?? { by: '' }
      expect([by, typeof repeats]).toEqual(['key:bootstrap', 'number'])
    }
    const waiting = await listed('status=needs-decision')
    expect(idsOf(waiting)).toEqual(idsOf(lost))
    expect(waiting.map(({ content }) => content?.text).sort()).toEqual(lost.map(({ text }) => text).sort())
    expect(new Set(waiting.map(({ attention }) => attention?.lost))).toEqual(new Set(['api']))
    for (const line of corrected)
      expect(await read(line)).toMatchObject({
        status: 'live',
        content: { text: line.text },
        desk: { proposal: { content: { text: `${line.text} corrected` } } },
        attention: { lost: 'api', action: 'correct' },
      })
    expect(idsOf(await listed('attention=true'))).toEqual(idsOf([...lost, ...corrected]))

    const shown = idsOf(kept.filter((line) => !withdrawn.includes(line) && !held.includes(line)))
    for (const { strip } of readers) expect([...strip.keys()].sort()).toEqual(shown)
    expect(eventsAfter(before).filter(({ op }) => op !== 'hold' && op !== 'withdraw')).toEqual([])

    const [first, second] = waiting
    await act(`/${first?.id}/release`, {}, first?.version)
    await act(`/${second?.id}/discard`, {}, second?.version)
    await agreed()
    for (const { strip } of readers) expect([...strip.keys()].sort()).toEqual([...shown, first?.id].sort())
    // An api that remembers only the post puts the line to the desk until the other one repeats the withdrawal.
    const counted = await Promise.all(cluster.apis.map((api) => api.metric('flashline_lost_lines_total')))
    const total = counted.reduce((sum, count) => sum + count, 0)
    expect(total).toBeGreaterThanOrEqual(lost.length + corrected.length)
    expect(total).toBeLessThanOrEqual(lost.length + corrected.length + lostAndWithdrawn.length)
  }, 120_000)

  it('holds on the word of a gateway, and shows nothing, where no api remembers', async () => {
    const { kept, before, withdrawn, held, corrected, lost, lostAndWithdrawn } = await actsInTheGap()
    await Promise.all(cluster.apis.map((api) => api.kill()))

    await failOver()
    const begun = performance.now()
    await newEpoch(before)
    await eventually('the removed lines are off every screen', RECOVERY_LIMIT_MS, () =>
      readers.every(({ strip }) => [...withdrawn, ...held].every(({ id }) => !strip.has(id))),
    )
    print('removed lines held on the word of a gateway', begun)

    await Promise.all(cluster.apis.map((api) => api.start()))
    await expectStatus([...withdrawn, ...held], 'held')
    await expectStatus(lost, 'draft')
    await agreed()
    for (const line of withdrawn)
      expect(await read(line)).toMatchObject({ attention: { lost: 'gateway', action: 'withdraw' } })
    for (const line of held)
      expect(await read(line)).toMatchObject({ attention: { lost: 'gateway', action: 'hold' } })
    for (const line of lost)
      expect(await read(line)).toMatchObject({ content: { text: line.text }, desk: { unproved: true } })
    for (const line of corrected)
      expect(await read(line)).toMatchObject({
        status: 'live',
        content: { text: line.text },
        attention: { lost: 'gateway', text: `${line.text} corrected` },
      })
    expect(await Promise.all(lostAndWithdrawn.map(read))).toEqual(lostAndWithdrawn.map(() => undefined))
    const flagged = idsOf(await listed('attention=true'))
    expect(flagged).toEqual(idsOf([...withdrawn, ...held, ...corrected, ...lost]))

    const shown = idsOf(kept.filter((line) => !withdrawn.includes(line) && !held.includes(line)))
    for (const { strip } of readers) expect([...strip.keys()].sort()).toEqual(shown)
    expect(eventsAfter(before).filter(({ op }) => op !== 'hold')).toEqual([])
  }, 120_000)
})
