import { afterEach, describe, expect, it } from '@jest/globals'
import type { RequestListener, Server } from 'node:http'
import type { Socket } from 'node:net'
import { createHttpServer, listen } from '../../src/platform/http-server.ts'
import { eventually } from '../support/eventually.ts'
import { handshake, RawClient } from '../support/raw-client.ts'

const SLOW_MS = 300
/** More bytes than the buffers between two sockets of this computer hold. */
const long = Buffer.alloc(100_000_000, 'x')
const STEP_BYTES = 10_000_000

const plain = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
const forms = [
  ['a plain request', plain],
  ['a request for another protocol', handshake('/', { Upgrade: 'h2c' })],
] as const

let server: Server
let client: RawClient
afterEach(() => {
  client.close()
  server.closeAllConnections()
  server.close()
})

async function ask(request: string, listener: RequestListener): Promise<void> {
  server = createHttpServer(listener, (_request, socket) => socket.destroy(), SLOW_MS)
  client = new RawClient(Number(new URL(await listen(server, 0, '127.0.0.1')).port))
  client.send(request)
}

const later = (then: () => void) => setTimeout(then, 3 * SLOW_MS)

describe.each(forms)('the answer to %s', (_what, request) => {
  it('is cut off if the client reads none of it, also when it comes late', async () => {
    let isClosed = false
    await ask(request, (_request, response) => {
      response.once('close', () => (isClosed = true))
      later(() => response.end(long))
    })
    client.socket.pause()
    await eventually('the connection is cut', 5_000, () => isClosed)
    client.socket.resume()
    await client.end()
    expect(client.received.length).toBeLessThan(long.length)
  })

  it('may come late', async () => {
    await ask(request, (_request, response) => void later(() => response.end('late')))
    expect(await client.answer()).toBe(200)
  })

  it('is not cut off while the client reads slowly', async () => {
    await ask(request, (_request, response) => response.end(long))
    const taking = takeSlowly(client.socket)
    await eventually('the client has read all of it', 20_000, () => taking.bytes > long.length)
    clearInterval(taking.turns)
  })
})

it('a connection stays open after an answer', async () => {
  await ask(plain, (_request, response) => response.end('short'))
  expect(await client.answer()).toBe(200)
  await new Promise<void>((then) => later(then))
  client.send(plain)
  await eventually('the next answer', 5_000, () => client.statuses.length === 2)
})

function takeSlowly(socket: Socket): { bytes: number; turns: NodeJS.Timeout } {
  let step = 0
  socket.removeAllListeners('data').on('data', (chunk: Buffer) => {
    taking.bytes += chunk.length
    if ((step += chunk.length) > STEP_BYTES) socket.pause()
  })
  const turns = setInterval(() => {
    step = 0
    socket.resume()
  }, SLOW_MS / 3)
  const taking = { bytes: 0, turns }
  return taking
}
