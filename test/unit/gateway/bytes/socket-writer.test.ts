import { afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { SocketWriter } from '../../../../src/gateway/bytes/socket-writer.ts'
import { tryDirectWrites } from '../../../../src/gateway/bytes/try-direct-writes.ts'
import { eventually } from '../../../support/eventually.ts'
import { SocketPair } from '../../../support/socket-pair.ts'

/** More bytes than the kernel buffers for one connection. */
const TOO_MUCH = Buffer.alloc(24 * 1024 * 1024, 'x')
const LIMIT_MS = 20_000

const pairs: SocketPair[] = []
const writer = new SocketWriter()
beforeAll(async () => {
  writer.open(await tryDirectWrites())
})
afterEach(() => {
  for (const pair of pairs.splice(0)) pair.close()
})

async function connected(): Promise<SocketPair> {
  const pair = await SocketPair.open()
  pairs.push(pair)
  return pair
}

/** A pair of sockets with a write that waits because the peer does not read. */
async function pairWithWaitingWrite(): Promise<SocketPair> {
  const pair = await connected()
  pair.peer.pause()
  expect(writer.write(pair.socket, TOO_MUCH)).toBe(false)
  expect(pair.socket.writableLength).toBe(0)
  return pair
}

describe('a write below the stream', () => {
  it('arrives without the stream counting its bytes', async () => {
    const { socket, received } = await connected()
    socket.write = () => {
      throw new Error('the stream was asked')
    }
    expect(writer.write(socket, Buffer.from('one '))).toBe(true)
    expect(writer.write(socket, Buffer.from('two'))).toBe(true)
    await eventually('both arrive', LIMIT_MS, () => received.toString() === 'one two')
  })

  it('that has to wait ends with `drain`, and later writes follow it in order', async () => {
    const { socket, peer, received } = await pairWithWaitingWrite()
    const drained = once(socket, 'drain')
    socket.write('pong ')
    writer.write(socket, Buffer.from('event '))
    socket.write('close')
    expect(received.bytes).toBe(0)

    peer.resume()
    await drained
    await eventually('all of it arrives', LIMIT_MS, () => received.bytes === TOO_MUCH.length + 16)
    expect(received.ending(17)).toBe('xpong event close')
    expect(writer.write(socket, Buffer.from('!'))).toBe(true)
  })

  it('waits behind other pairWithWaitingWrite writes', async () => {
    const { socket, peer, received } = await pairWithWaitingWrite()
    expect(writer.write(socket, Buffer.from('second '))).toBe(false)
    expect(writer.write(socket, Buffer.from('third'))).toBe(false)
    peer.resume()
    await eventually('all of it arrives', LIMIT_MS, () => received.bytes === TOO_MUCH.length + 12)
    expect(received.ending(13)).toBe('xsecond third')
  })

  it('is complete before the connection ends', async () => {
    const { socket, peer, received } = await pairWithWaitingWrite()
    socket.end('bye')
    expect(writer.write(socket, Buffer.from('too late'))).toBe(true)
    peer.resume()
    await once(peer, 'end')
    expect(received.bytes).toBe(TOO_MUCH.length + 3)
    expect(received.ending(4)).toBe('xbye')
  })
})

describe('a connection that is lost', () => {
  it('by its peer, while a write waits, is closed once and without an error', async () => {
    const { socket, peer, events } = await pairWithWaitingWrite()
    peer.resetAndDestroy()
    await eventually('the close', LIMIT_MS, () => events.includes('close'))
    expect(events.filter((event) => event === 'close' || event === 'drain')).toEqual(['close'])
    expect(() => writer.write(socket, Buffer.from('late'))).not.toThrow()
  })

  it('by us, while writes wait, is closed once and never drains', async () => {
    const { socket, events } = await pairWithWaitingWrite()
    writer.write(socket, Buffer.from('second'))
    socket.destroy()
    await eventually('the close', LIMIT_MS, () => events.includes('close'))
    // The request completes when the handle closes, which is before this.
    await new Promise((resume) => setImmediate(resume))
    expect(events).toEqual(['close'])
  })

  it('before a write is closed by that write', async () => {
    const { socket, peer, events } = await connected()
    // The socket does not read, so only a write notices the reset.
    socket.pause()
    peer.resetAndDestroy()
    await eventually('a write fails', LIMIT_MS, () => {
      expect(writer.write(socket, Buffer.from('lost'))).toBe(true)
      return socket.destroyed
    })
    await eventually('the close', LIMIT_MS, () => events.includes('close'))
    expect(events).toEqual(['close'])
  })
})

describe('bytes go through the stream', () => {
  it('before the writer is opened', async () => {
    const { socket, received } = await connected()
    socket.cork()
    new SocketWriter().write(socket, Buffer.from('held back'))
    expect(socket.writableLength).toBe(9)
    socket.uncork()
    await eventually('it arrives', LIMIT_MS, () => received.toString() === 'held back')
  })

  it('while it is corked or has bytes to write', async () => {
    const { socket, peer, received } = await connected()
    peer.pause()
    socket.cork()
    writer.write(socket, Buffer.from('first '))
    expect(socket.writableLength).toBe(6)
    socket.uncork()
    socket.write(TOO_MUCH)
    writer.write(socket, Buffer.from('last'))
    expect(socket.writableLength).toBe(TOO_MUCH.length + 4)
    peer.resume()
    await eventually('all of it arrives', LIMIT_MS, () => received.bytes === TOO_MUCH.length + 10)
    expect(received.ending(5)).toBe('xlast')
  })

  it('if it has no handle below it', () => {
    const chunks: string[] = []
    const stream = new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk.toString())
        done()
      },
    })
    expect(writer.write(stream, Buffer.from('whole'))).toBe(true)
    expect(chunks).toEqual(['whole'])
  })
})

describe('the trial of direct writes', () => {
  it('fails within its limit', async () => {
    await expect(tryDirectWrites(0)).rejects.toThrow()
  })
})
