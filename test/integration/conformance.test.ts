import { afterEach, describe, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { script } from '../../src/conformance/script.ts'
import { startConformance, type Conformance } from '../../src/conformance/start-conformance.ts'
import type { Frame } from '../../src/protocol/frames.ts'
import { projectRoot } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { NaiveClient } from '../support/naive-client.ts'
import { SdkReader } from '../support/sdk-reader.ts'
import { streamFrames } from '../support/stream-frames.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'

interface RunState {
  readonly run: string
  readonly key?: string
  readonly ended: boolean
  readonly steps: readonly { id: string; verdict: string; detail?: string; expected: string }[]
  readonly shows?: readonly string[]
}

const LIMIT_MS = 60_000
const protocol = join(projectRoot, 'PROTOCOL.md')
const settings = { heartbeatMs: 500, quietMs: 1_500, settleMs: 300 }

let conformance: Conformance
let proxy: TcpProxy
afterEach(async () => {
  proxy.close()
  await conformance.close()
})

/** A test of a client that does not pass waits for `limitMs` in each of those steps. */
async function open(limitMs = 20_000): Promise<void> {
  const place = { port: 0, host: '127.0.0.1', protocol }
  conformance = await startConformance(place, { ...settings, limitMs })
  proxy = await TcpProxy.start(Number(new URL(conformance.url).port))
}

async function start(wishes: object = {}): Promise<RunState & { address: string }> {
  const answer = await post('', wishes)
  expect(answer.status).toBe(201)
  const state = (await answer.json()) as RunState
  return { ...state, address: `${proxy.url}/conformance/${state.run}` }
}

function post(path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const url = `${conformance.url}/conformance${path}`
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function stateOf(run: string): Promise<RunState> {
  return (await (await fetch(`${conformance.url}/conformance/${run}`)).json()) as RunState
}

async function ended(run: string): Promise<Record<string, string>> {
  const state = await eventually('the run is over', LIMIT_MS, async () => {
    const now = await stateOf(run)
    return now.ended ? now : undefined
  })
  return Object.fromEntries(state.steps.map(({ id, verdict }) => [id, verdict]))
}

/** Follows the feed of a run as the protocol says, without a strip: a person answers for it. */
async function followWithNewKeys(run: string, feed: string, signal: AbortSignal): Promise<void> {
  const isOver = () => signal.aborted
  let seq = 0
  while (!isOver()) {
    const { key = '' } = await stateOf(run)
    const headers = { authorization: `Bearer ${key}` }
    let waitMs = 100
    try {
      for await (const frame of streamFrames<Frame>(`${feed}/events`, { headers, signal })) {
        const next = 'position' in frame ? Number(frame.position.split(':')[1]) : seq
        if (frame.type === 'bye') waitMs = frame.retryAfterMs
        else if (frame.type === 'event' && next > seq + 1) break
        else if (frame.type === 'event' || frame.type === 'reset') seq = Math.max(seq, next)
      }
    } catch {
      // Cut.
    }
    await pause(waitMs)
  }
}

function report(run: string, lines: readonly { id: string; text: string }[]): Promise<Response> {
  return post(`/${run}/strip`, { lines: lines.map(({ id, text }) => ({ id, text })) })
}

/** Runs of our client; `blocked` requests make it take another transport. */
const ways = [
  { transport: 'websocket', blocked: undefined, withKey: false, notSeen: [] as string[] },
  { transport: 'sse', blocked: /upgrade: websocket/i, withKey: false, notSeen: [] as string[] },
  { transport: 'sse', blocked: undefined, withKey: true, notSeen: [] as string[] },
  {
    transport: 'poll',
    blocked: /upgrade: websocket|text\/event-stream/i,
    withKey: true,
    notSeen: script.filter((step) => step.streamsOnly).map(({ id }) => id),
  },
]

async function runOurClient({ blocked, withKey }: (typeof ways)[number]) {
  const { run } = await start({ withKey })
  const own = await TcpProxy.start(Number(new URL(conformance.url).port))
  own.blocked = blocked
  const token = withKey && (async () => (await stateOf(run)).key ?? '')
  const reader = new SdkReader(
    { url: `${own.url}/conformance/${run}`, feed: 'conformance', ...(token && { token }) },
    // Waits after cuts are random; these are short.
    { random: () => 0.05 },
  )
  reader.connection.on('strip', (lines) => void report(run, lines))
  try {
    const verdicts = await ended(run)
    const { transport } = reader.connection.status
    const faults = (await stateOf(run)).steps.filter(({ verdict }) => verdict === 'failed')
    return { transport, verdicts, faults }
  } finally {
    reader.connection.close()
    own.close()
  }
}

describe('the conformance feed', () => {
  it('our client passes all of it, over each transport, with a key and without', async () => {
    await open()
    const outcomes = await Promise.all(ways.map(runOurClient))
    expect(outcomes).toEqual(
      ways.map(({ transport, withKey, notSeen }) => {
        const steps = script.filter(({ keyOnly }) => withKey || !keyOnly)
        const verdicts = steps.map(({ id }) => [id, notSeen.includes(id) ? 'not-seen' : 'passed'])
        return { transport, verdicts: Object.fromEntries(verdicts), faults: [] }
      }),
    )
  })

  it('a naive client fails where it should, and nowhere else', async () => {
    await open(2_000)
    const { run, address } = await start()
    const client = new NaiveClient(`${address}/v1/feeds/conformance/events`, (lines) => report(run, lines))
    const running = client.run()
    const verdicts = await ended(run)
    client.stop()
    await running

    const failed = Object.keys(verdicts).filter((id) => verdicts[id] === 'failed')
    expect(failed).toEqual([
      'repeat',
      'correction',
      'old-repeat',
      'gap',
      'cut',
      'reset',
      'unknown-operation',
      'bye',
    ])
    const passed = Object.keys(verdicts).filter((id) => verdicts[id] === 'passed')
    expect(passed).toEqual(['start', 'new-lines', 'withdrawal', 'expiry', 'unknown', 'quiet'])
  })

  it('a client that reports nothing is not seen', async () => {
    await open(1_000)
    const { run, address } = await start()
    const stopping = new AbortController()
    const url = `${address}/v1/feeds/conformance/events`
    const reading = streamFrames(url, { signal: stopping.signal })
    await reading.next()
    const state = await eventually('the first step is over', LIMIT_MS, async () => {
      const now = await stateOf(run)
      return ['running', 'waiting'].includes(now.steps[0]!.verdict) ? undefined : now
    })
    stopping.abort()
    expect(state.steps[0]).toMatchObject({ verdict: 'not-seen', detail: 'It has reported no strip.' })
  })

  it('a key ends: the old one is refused, the new one opens the feed', async () => {
    await open()
    const { run, key, address } = await start({ withKey: true, byHand: true })
    const feed = `${address}/v1/feeds/conformance`
    const asked = (credential: string | undefined) =>
      fetch(feed, { headers: credential === undefined ? {} : { authorization: `Bearer ${credential}` } })
    expect((await asked(undefined)).status).toBe(401)
    expect((await asked(key)).status).toBe(200)

    const client = new AbortController()
    const following = followWithNewKeys(run, feed, client.signal)
    const verdicts = await eventually('a person has answered each step', LIMIT_MS, async () => {
      const { steps, ended: isOver } = await stateOf(run)
      const step = steps.find(({ verdict }) => verdict === 'running')
      if (step) await post(`/${run}/answers`, { step: step.id, isShown: true })
      return isOver ? steps.map(({ id, verdict }) => [id, verdict]) : undefined
    })
    client.abort()
    await following
    const now = (await stateOf(run)).key
    expect(verdicts).toEqual(script.map(({ id }) => [id, 'passed']))
    expect(now).not.toBe(key)
    expect((await asked(key)).status).toBe(401)
    expect((await asked(now)).status).toBe(200)
  })

  it('refuses what it cannot take', async () => {
    await open()
    const { run, address } = await start()
    expect((await fetch(`${address}/v1/feeds/conformance/events?after=here`)).status).toBe(400)
    expect((await fetch(`${address}/v1/feeds/other`)).status).toBe(404)
    expect((await fetch(`${proxy.url}/conformance/nothing`)).status).toBe(404)
    expect((await post(`/${run}/strip`, { lines: 'all' })).status).toBe(422)
    const most = Array.from({ length: 501 }, (_, n) => ({ id: String(n), text: 'x' }))
    expect((await post(`/${run}/strip`, { lines: most })).status).toBe(422)
  })

  it.each([
    ['no JSON', '', '{', 400, 'malformed-json', undefined],
    ['more than 256 KB', '/RUN/strip', 'x'.repeat(300_000), 413, 'body-too-large', undefined],
    ['a wrong type', '', '{"withKey":"yes"}', 422, 'invalid-body', '/withKey'],
    ['an unknown field', '', '{"withkey":true}', 422, 'invalid-body', ''],
    ['a wrong line', '/RUN/strip', '{"lines":[{"id":1,"text":"x"}]}', 422, 'invalid-body', '/lines/0/id'],
  ])('says what is wrong with a body: %s', async (_, path, body, status, code, field) => {
    await open()
    const { run } = await start()
    const url = `${conformance.url}/conformance${path.replace('RUN', run)}`
    const answer = await fetch(url, { method: 'POST', body })
    const problem = (await answer.json()) as { code: string; errors?: { field: string }[] }
    expect([answer.status, problem.code, problem.errors?.[0]?.field]).toEqual([status, code, field])
  })

  it('answers a HEAD of the stream without playing anything to it, and names a wrong parameter', async () => {
    await open()
    const { run, address } = await start()
    const url = `${address}/v1/feeds/conformance/events`
    const head = await fetch(url, {
      method: 'HEAD',
      headers: { accept: 'text/event-stream' },
      signal: AbortSignal.timeout(10_000),
    })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    expect(await stateOf(run)).toMatchObject({ connected: false })
    expect(await (await fetch(`${url}?wait=-1`)).json()).toMatchObject({
      code: 'invalid-query',
      detail: expect.stringContaining('wait'),
    })
  })

  it('names rules that PROTOCOL.md has', async () => {
    await open()
    const headings = (await readFile(protocol, 'utf8')).split('\n').filter((line) => line.startsWith('#'))
    for (const { rule } of script) expect(headings.map((line) => line.replace(/^#+ /, ''))).toContain(rule)
    expect(await (await fetch(`${conformance.url}/conformance/protocol.txt`)).text()).toContain(
      '# The protocol',
    )
  })
})
