import { afterEach, describe, expect, it } from '@jest/globals'
import type { RequestListener, Server } from 'node:http'
import type { Socket } from 'node:net'
import { createHttpServer, listen } from '../../src/platform/http-server.ts'
import { notTheService } from '../support/contract/other-servers.ts'
import { eventually } from '../support/eventually.ts'
import { handshake, RawClient } from '../support/raw-client.ts'

/** A busy computer may stop this process for a good part of a second. */
const SLOW_MS = 1_000
/** More bytes than the buffers between two sockets of this computer hold. */
const long = Buffer.alloc(100_000_000, 'x')
const STEP_BYTES = 4_000_000

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

async function ask(
  request: string,
  listener: RequestListener,
  limits?: { headMs: number; requestMs: number },
): Promise<void> {
  server = notTheService(createHttpServer(listener, (_request, socket) => socket.destroy(), SLOW_MS, limits))
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
    await eventually('the connection is cut', 60_000, () => isClosed)
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
    await eventually('the client has read all of it', 60_000, () => taking.bytes > long.length)
    clearInterval(taking.turns)
  })
})

it.each([
  ['head', 'POST / HTTP/1.1\r\nHost: x\r\n', 'a: b\r\n'],
  ['body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n', 'x'],
  ['chunked body', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
  [
    'body behind an upgrade that is ignored',
    'POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 1000000\r\n\r\n',
    'x',
  ],
])('a slow %s is cut off soon after its limit, however steadily it comes', async (_what, begin, more) => {
  await ask(begin, (request) => request.resume(), { headMs: 300, requestMs: 600 })
  const turns = setInterval(() => {
    client.send(more)
  }, 50)
  try {
    await eventually('the connection is cut', 10_000, () => client.ended)
  } finally {
    clearInterval(turns)
  }
})

it('the limits are those of the documents', async () => {
  await ask('', () => undefined)
  expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 20_000])
})

it('a connection stays open after an answer', async () => {
  await ask(plain, (_request, response) => response.end('short'))
  expect(await client.answer()).toBe(200)
  await new Promise<void>((then) => later(then))
  client.send(plain)
  await eventually('the next answer', 60_000, () => client.statuses.length === 2)
})

/** The request of a client that would rather speak another protocol, as Java's and `curl --http2` send it. */
function asking(method: string, headers: readonly string[] = [], body = ''): string {
  const upgrade = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAA']
  return [`${method} /a?b=c HTTP/1.1`, 'Host: x', ...upgrade, ...headers, '', body].join('\r\n')
}

/** Answers with the request's method, its body and one of its headers. */
const echo: RequestListener = (request, response) => {
  let body = ''
  request.on('data', (bytes: Buffer) => (body += bytes.toString()))
  request.on('end', () => {
    const { method, headers } = request
    response.end(`<${method} ${body} ${headers.accept}>`)
  })
}

describe('a request that names a protocol which is not spoken', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1')
  const answers = async (...expected: string[]) => {
    await eventually(
      'the answers',
      5_000,
      () => client.received.toString().split('<').length > expected.length,
    )
    const bodies = [...client.received.toString().matchAll(/<([^>]*)>/g)].map(([, body]) => body)
    expect(bodies).toEqual(expected)
  }

  it.each([
    ['no body', asking('GET', ['Accept: caf\u00e9']), 'GET  caf\u00e9'],
    ['a length', asking('POST', ['Content-Length: 5'], 'hello'), 'POST hello undefined'],
    [
      'chunks',
      asking('PUT', ['Transfer-Encoding: chunked'], '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'),
      'PUT hello undefined',
    ],
  ])(
    'is answered as if it did not, with %s, and the connection goes on',
    async (_what, request, expected) => {
      await ask('', echo)
      client.send(latin1(request))
      await answers(expected)
      client.send(plain)
      await answers(expected, 'GET  undefined')
    },
  )

  it('may come in pieces, and many of them one after the other', async () => {
    const warnings: Error[] = []
    const warned = (warning: Error) => warnings.push(warning)
    process.on('warning', warned)
    await ask('', echo)
    const expected: string[] = []
    for (let count = 0; count < 15; count++) {
      const request = latin1(asking('POST', ['Content-Length: 5'], 'hello'))
      for (const piece of [request.subarray(0, 30), request.subarray(30, -3), request.subarray(-3)]) {
        client.send(piece)
        await new Promise((resume) => setTimeout(resume, 5))
      }
      expected.push('POST hello undefined')
      await answers(...expected)
    }
    process.off('warning', warned)
    expect(warnings).toEqual([])
  })

  it('may stand among others that are sent at once, and each is answered in its turn', async () => {
    await ask('', (request, response) =>
      setTimeout(() => echo(request, response), request.method === 'GET' ? 50 : 0),
    )
    const post = asking('POST', ['Content-Length: 5'], 'hello')
    client.send(latin1(plain + post + post + plain + asking('DELETE') + plain))
    const [get, posted] = ['GET  undefined', 'POST hello undefined']
    await answers(get, posted, posted, get, 'DELETE  undefined', get)
  })

  it.each([
    ['with two lengths', asking('POST', ['Content-Length: 1', 'Content-Length: 2'], 'ab'), 400],
    [
      'with a length and chunks',
      asking('POST', ['Content-Length: 1', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
      400,
    ],
    [
      'with more headers than Node keeps',
      asking('POST', [...Array<string>(1_500).fill('a: b'), 'Content-Length: 1'], 'x'),
      431,
    ],
    ['with two hosts', asking('POST', ['Host: y', 'Content-Length: 1'], 'x'), 400],
  ])('is refused like any other %s', async (_what, request, status) => {
    await ask('', echo)
    client.send(latin1(request))
    await client.end()
    expect(client.statuses).toEqual([status])
  })

  it('is cut off before its turn if the client reads nothing of an earlier answer', async () => {
    let isClosed = false
    await ask('', (_request, response) => {
      response.once('close', () => (isClosed = true))
      response.end(long)
    })
    client.socket.pause()
    client.send(latin1(plain + asking('POST', ['Content-Length: 5'], 'hello')))
    await eventually('the connection is cut', 60_000, () => isClosed)
  })

  it('may be followed by an upgrade to a protocol that is spoken', async () => {
    await ask('', echo)
    client.send(latin1(asking('POST', ['Content-Length: 5'], 'hello')))
    await answers('POST hello undefined')
    server
      .removeAllListeners('upgrade')
      .on('upgrade', (_request, socket) => socket.end('HTTP/1.1 101 Yes\r\n\r\n'))
    client.send(handshake('/'))
    await eventually('the upgrade', 60_000, () => client.statuses[1] === 101)
  })
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
  }, SLOW_MS / 10)
  const taking = { bytes: 0, turns }
  return taking
}
