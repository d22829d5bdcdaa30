import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { ReaderSocket, WebSocketConnection } from '../../../../src/gateway/websocket/websocket-connection.ts'
import { encode, WS_PING } from '../../../../src/gateway/bytes/frame-bytes.ts'
import { createMetrics } from '../../../../src/platform/metrics.ts'
import { eventually } from '../../../support/eventually.ts'
import { RawWebSocket } from '../../../support/raw-client.ts'

const LIMIT_MS = 20_000

let server: Server
let reader: RawWebSocket
/** It has no writer, so ws sends the frames. */
let connection: WebSocketConnection
beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sockets = new WebSocketServer<typeof ReaderSocket>({ noServer: true, WebSocket: ReaderSocket })
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (client) => {
      connection = new WebSocketConnection(client, socket, undefined, createMetrics())
    })
  })
  reader = await RawWebSocket.open((server.address() as AddressInfo).port, '/')
})
afterEach(() => {
  jest.restoreAllMocks()
  reader.close()
  server.close()
})

const texts = () => reader.frames.flatMap((frame) => (frame.kind === 'text' ? [frame.text] : []))

it('passes frames of each length, and pings, to ws one by one when one write holds several', async () => {
  const sentTexts = ['short', 'a'.repeat(300), 'b'.repeat(70_000)]
  const frames = sentTexts.map((text) => encode('ws', text))
  connection.write(Buffer.concat([...frames, WS_PING]))
  await eventually('all frames arrive', LIMIT_MS, () => reader.frames.length === 4)
  expect(texts()).toEqual(sentTexts)
  expect(reader.frames.at(-1)?.kind).toBe('ping')
})

it('returns false from `write` when it is full, and emits `drain` when it accepts bytes again', async () => {
  reader.socket.pause()
  const frame = encode('ws', 'x'.repeat(1_000))
  let writes = 1
  while (connection.write(frame)) writes++
  const drained = once(connection.socket, 'drain', { signal: AbortSignal.timeout(LIMIT_MS) })
  reader.socket.resume()
  await drained
  await eventually('all frames arrive', LIMIT_MS, () => reader.frames.length === writes)
  expect(connection.write(frame)).toBe(true)
})

it('keeps a blocked reader, which gets no heartbeats, while it pings and acknowledges at a permitted rate', () => {
  const now = jest.spyOn(performance, 'now')
  for (let second = 0; second < 60; second++) {
    now.mockReturnValue(second * 1_000)
    connection.pinged()
    for (let ack = 0; ack < 2; ack++) expect(connection.mayAck()).toBe(true)
  }
  expect(connection.isOpen()).toBe(true)
  for (let ping = 0; ping < 20; ping++) connection.pinged()
  expect(connection.isOpen()).toBe(false)
})
