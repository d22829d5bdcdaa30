import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { setImmediate as turn } from 'node:timers/promises'
import { SocketWriter } from '../../../../src/gateway/bytes/socket-writer.ts'
import { tryDirectWrites } from '../../../../src/gateway/bytes/try-direct-writes.ts'
import { Hub } from '../../../../src/gateway/readers/hub.ts'
import type { ReaderConnection, ReaderSession } from '../../../../src/gateway/readers/reader-session.ts'
import { createMetrics } from '../../../../src/platform/metrics.ts'
import type { Frame } from '../../../../src/protocol/frames.ts'
import { eventually } from '../../../support/eventually.ts'
import { SocketPair } from '../../../support/socket-pair.ts'
import { WsFrameParser } from '../../../support/ws-frame-parser.ts'

const LIMIT_MS = 10_000
/** Events that do not fit in one write. */
const MANY = 200
const NEVER_MS = 100_000_000
const EPOCH = 'aaaaaaaa'

const writer = new SocketWriter()
beforeAll(async () => {
  writer.open(await tryDirectWrites())
})

let hub: Hub
let pair: SocketPair
let session: ReaderSession
let checks = 0
let seqs: number[]

beforeEach(async () => {
  const head = { epoch: EPOCH, seq: 0, chain: '0'.repeat(40) }
  const limits = { resumeEvents: 100_000, resumeBytes: 100_000_000 }
  hub = new Hub(
    { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' },
    { head, frozen: false, strip: [], entries: [], chains: new Map() },
    {
      options: { heartbeatMs: NEVER_MS, slowReaderMs: NEVER_MS, ...limits },
      metrics: createMetrics(),
      now: Date.now,
      writer,
    },
  )
  pair = await SocketPair.open()
  read(pair)
  session = hub.join(connectionOf(pair), {}, undefined)
  pair.socket.on('drain', () => {
    hub.drained(session)
  })
  append(1)
  await eventually('the first event', LIMIT_MS, () => seqs.length === 1)
  checks = 0
})
afterEach(() => {
  hub.leave(session)
  hub.close()
  pair.close()
})

describe('a session that writes to the handle below the stream', () => {
  it('writes event after event without a check of the connection', async () => {
    for (let seq = 2; seq < 10; seq++) {
      append(seq)
      await eventually(`event ${seq}`, LIMIT_MS, () => seqs.at(-1) === seq)
    }
    expect(checks).toBe(0)
  })

  it('sends many events that arrive at once, in several writes', async () => {
    for (let seq = 2; seq <= MANY; seq++) append(seq)
    await eventually('all events', LIMIT_MS, () => seqs.length === MANY)
    expect(seqs).toEqual(upTo(MANY))
  })

  it('checks the connection again after other code has written to it', async () => {
    session.dropHandle()
    append(2)
    await eventually('the event', LIMIT_MS, () => seqs.length === 2)
    expect(checks).toBeGreaterThan(0)
  })

  it('stops writing to a connection that is full, and sends the missing events once it has drained', async () => {
    pair.peer.pause()
    let last = 1
    while (!session.blocked()) {
      for (let more = 0; more < MANY; more++) append(++last)
      await turn()
    }
    const written = pair.socket.bytesWritten
    for (let more = 0; more < MANY; more++) append(++last)
    await turn()
    await turn()
    expect(pair.socket.bytesWritten).toBe(written)
    pair.peer.resume()
    await eventually('all events', LIMIT_MS, () => seqs.at(-1) === last)
    expect(seqs).toEqual(upTo(last))
  }, 30_000)

  it('writes nothing to a connection that is lost', async () => {
    pair.peer.resetAndDestroy()
    let last = 1
    await eventually('the loss is seen, by a write or a read', LIMIT_MS, () => {
      append(++last)
      return pair.socket.destroyed
    })
    await eventually('the close', LIMIT_MS, () => pair.count('close') === 1)
    append(++last)
    await turn()
    expect(pair.events.filter((event) => event !== 'error')).toEqual(['close'])
  })
})

function connectionOf({ socket }: SocketPair): ReaderConnection {
  const check = () => {
    checks++
    return socket
  }
  return {
    wire: 'ws',
    write: (bytes) => writer.write(check(), bytes),
    isOpen: () => check().writable,
    writeHandle: () => writer.handleOf(socket),
    finishWrite: (bytes) => writer.finishWrite(socket, bytes),
    answersPings: () => true,
    end: () => undefined,
  }
}

function append(seq: number): void {
  const at = new Date(0).toISOString()
  const headline = {
    ...{ id: String(seq).padStart(22, 'x'), version: 1, status: 'live', place: seq, publishedAt: at },
    ...{ updatedAt: at, text: `Line ${seq}`.padEnd(300), urgency: 'bulletin', regions: [], tags: [] },
  }
  const event = { type: 'event', position: `${EPOCH}:${seq}`, op: 'publish', at, headline }
  hub.append({ seq, chain: String(seq).padStart(40, '0'), json: JSON.stringify(event) })
}

/** Records the seqs of the events that arrive. */
function read({ peer }: SocketPair): void {
  const parser = new WsFrameParser()
  seqs = []
  peer.on('data', (bytes: Buffer) => {
    for (const frame of parser.push(bytes)) {
      const sent = frame.kind === 'text' ? (JSON.parse(frame.text) as Frame) : undefined
      if (sent?.type === 'event') seqs.push(Number(sent.position.split(':')[1]))
    }
  })
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}
