import { beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { setImmediate as turn } from 'node:timers/promises'
import { SocketWriter, type WriteHandle } from '../../src/gateway/bytes/socket-writer.ts'
import { tryDirectWrites } from '../../src/gateway/bytes/try-direct-writes.ts'
import { eventually } from '../support/eventually.ts'
import { SocketPair } from '../support/socket-pair.ts'

const LIMIT_MS = 30_000
/** About as many bytes as the kernel buffers while the reader is paused; it takes more when it has measured more. */
const TOO_MUCH_BYTES = 12_000_000

/**
 * Steps on one connection: direct writes of the gateway, with or without a check of the stream; stream writes of ws; a
 * reader's pause and resume.
 */
type Step =
  | { act: 'direct' | 'lane' | 'stream'; bytes: number }
  | { act: 'cork' | 'uncork' | 'pause' | 'resume' | 'turn' }

const size = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 2_000 }) },
  { weight: 1, arbitrary: fc.constant(TOO_MUCH_BYTES) },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constantFrom('direct' as const, 'lane' as const, 'lane' as const, 'stream' as const),
      bytes: size,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom(
        'cork' as const,
        'uncork' as const,
        'pause' as const,
        'resume' as const,
        'turn' as const,
      ),
    }),
  },
)
const ending = fc.constantFrom('end' as const, 'destroy' as const, 'reset' as const)

const writer = new SocketWriter()
beforeAll(async () => {
  writer.open(await tryDirectWrites())
})

it('keeps the order of all bytes, drains after each wait, and closes once', async () => {
  const seen = { waits: 0, blind: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), ending, async (steps, ending) => {
      const pair = await SocketPair.open()
      try {
        await runs(pair, steps, seen)
        await ends(pair, ending)
      } finally {
        pair.close()
      }
    }),
    { numRuns: 30 },
  )
  // Otherwise no run has tested direct writes that wait and direct writes without a check of the stream.
  expect(seen.waits).toBeGreaterThan(0)
  expect(seen.blind).toBeGreaterThan(0)
}, 120_000)

interface Seen {
  /** Number of direct writes that had to wait. */
  waits: number
  /** Number of direct writes without a check of the stream. */
  blind: number
}

async function runs(pair: SocketPair, steps: readonly Step[], seen: Seen): Promise<void> {
  const { socket, peer, received } = pair
  const sent: Buffer[] = []
  let waits = 0
  // As in a session: kept after a check of the stream, and dropped when the handle is full or the stream is used.
  let lane: WriteHandle | undefined
  for (const [index, step] of steps.entries()) {
    if ('bytes' in step) {
      const bytes = Buffer.alloc(step.bytes, index + 1)
      sent.push(bytes)
      if (step.act === 'stream') {
        lane = undefined
        socket.write(bytes)
        continue
      }
      if (step.act === 'lane' && lane) seen.blind++
      const taken =
        step.act === 'lane' && lane
          ? writer.writeNow(lane, bytes) || writer.finishWrite(socket, bytes)
          : writer.write(socket, bytes)
      if (!taken && socket.writableLength === 0) waits++
      lane = taken ? writer.handleOf(socket) : undefined
    } else if (step.act === 'turn') await turn()
    else if (step.act === 'cork' || step.act === 'uncork') {
      lane = undefined
      socket[step.act]()
    } else peer[step.act]()
  }
  while (socket.writableCorked > 0) socket.uncork()
  peer.resume()
  const all = Buffer.concat(sent)
  await eventually('all bytes arrive', LIMIT_MS, () => received.bytes >= all.length)
  expect(received.equals(all)).toBe(true)
  await eventually('each wait ends with drain', LIMIT_MS, () => waits <= pair.count('drain'))
  seen.waits += waits
}

/** Ends while a write waits for a reader that does not read. */
async function ends(pair: SocketPair, ending: 'end' | 'destroy' | 'reset'): Promise<void> {
  const { socket, peer, received } = pair
  const before = received.bytes
  peer.pause()
  let written = TOO_MUCH_BYTES
  while (writer.write(socket, Buffer.alloc(TOO_MUCH_BYTES))) written += TOO_MUCH_BYTES
  if (ending === 'destroy') socket.destroy()
  else if (ending === 'reset') peer.resetAndDestroy()
  else {
    socket.end()
    peer.resume().end()
    await eventually('the rest arrives', LIMIT_MS, () => received.bytes === before + written)
  }
  await eventually('the close', LIMIT_MS, () => pair.count('close') > 0)
  expect(pair.count('close')).toBe(1)
}
