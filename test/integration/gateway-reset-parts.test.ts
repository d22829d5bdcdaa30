import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { WebSocket } from 'ws'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import type { Frame, ResetFrame } from '../../src/protocol/frames.ts'
import type { LiveHeadline } from '../../src/protocol/headline.ts'
import { eventually } from '../support/eventually.ts'
import { newId, publish, save } from '../support/changes.ts'
import { longestContent } from '../support/longest-content.ts'
import { SdkReader } from '../support/sdk-reader.ts'
import { startSystem, type System } from '../support/system.ts'

const HEADLINES = 10
/** The least limit for one message at which clients are known to close a connection. */
const CLIENT_LIMIT_BYTES = 32 * 1024
const parts = { query: { parts: '1' } }

let system: System
let strip: readonly LiveHeadline[]
beforeAll(async () => {
  system = await startSystem({ HEARTBEAT_MS: 1_000 })
  const content = longestContent()
  for (let n = 0; n < HEADLINES; n++) await save(system.store, publish(newId(), '-', { content }))
  await releaseDue(system.store, 'en')
  strip = await eventually('the gateway has all headlines', 20_000, async () => {
    const { body } = await system.snapshot('en')
    return body.strip.length === HEADLINES ? body.strip : undefined
  })
})
afterAll(() => system.close())

/** Closes the connection at a longer message, as some clients do. */
class LimitedWebSocket extends WebSocket {
  constructor(url: string) {
    super(url, { maxPayload: CLIENT_LIMIT_BYTES })
  }
}

const sizeOf = (frame: Frame): number => Buffer.byteLength(JSON.stringify(frame))

describe('a reset above 32 KB', () => {
  it('comes in parts to a client that takes messages of at most 32 KB and has announced that', async () => {
    const reader = await system.connect('en', { ...parts, maxPayload: CLIENT_LIMIT_BYTES })
    await reader.untilType('hello')
    const resets = await resetsOf(reader)
    expect(resets.length).toBeGreaterThan(1)
    expect(resets.map(({ more = false }) => more)).toEqual(resets.map((_, n) => n < resets.length - 1))
    expect(resets.flatMap((reset) => reset.strip)).toEqual(strip)
  })

  it('comes whole to a reader that has announced nothing', async () => {
    const reader = await system.connect('en')
    const whole = await reader.untilType('reset')
    const { position, mark } = whole
    expect(whole).toEqual({ type: 'reset', reason: 'start', position, mark, strip })
    expect(sizeOf(whole)).toBeGreaterThan(CLIENT_LIMIT_BYTES)
  })

  it('has its position as id on the last part only, so that a stream which was cut begins again', async () => {
    const stream = await system.stream('en', parts)
    await stream.untilType('hello')
    const resets = await resetsOf(stream)
    for (const reset of resets) expect(sizeOf(reset)).toBeLessThan(CLIENT_LIMIT_BYTES)
    expect(resets.flatMap((reset) => reset.strip)).toEqual(strip)
    const { position, mark } = resets[0]!
    expect(stream.ids.slice(1, resets.length + 1)).toEqual(
      resets.map((_, n) => (n < resets.length - 1 ? undefined : `${position}:${mark}`)),
    )
  })

  it.each([
    { transport: 'websocket' as const, environment: { WebSocket: LimitedWebSocket } },
    { transport: 'sse' as const, environment: { WebSocket: undefined } },
  ])('shows whole in the client library, on $transport', async ({ transport, environment }) => {
    const reader = new SdkReader({ url: system.url, feed: 'en' }, environment)
    await reader.is({ state: 'live', transport })
    expect(reader.connection.strip?.map(({ id }) => id)).toEqual(strip.map(({ id }) => id))
    reader.connection.close()
  })
})

it.each([`/v1/feeds/en/events?parts=2`, `/v1/feeds/en/events?parts=1&parts=1`])(
  'parts of another kind are refused: %s',
  async (path) => {
    expect(await system.get(path, { accept: 'text/event-stream' })).toMatchObject({
      status: 400,
      body: { code: 'invalid-query', detail: expect.stringContaining('parts: ') },
    })
  },
)

async function resetsOf(reader: { next(): Promise<Frame> }): Promise<ResetFrame[]> {
  const resets: ResetFrame[] = []
  do {
    const frame = await reader.next()
    if (frame.type !== 'reset') throw new Error(`a ${frame.type} among the parts of a reset`)
    resets.push(frame)
  } while (resets.at(-1)?.more)
  return resets
}
