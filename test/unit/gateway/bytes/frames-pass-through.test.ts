import { expect, it } from '@jest/globals'
import { WebSocket, WebSocketServer, type ServerOptions } from 'ws'
import { framesPassThrough } from '../../../../src/gateway/bytes/frames-pass-through.ts'

const options = { noServer: true, clientTracking: false, perMessageDeflate: false }
const passThrough = (more: ServerOptions = {}) =>
  framesPassThrough(new WebSocketServer({ ...options, ...more }))

class OtherFrames extends WebSocket {
  override send(text: string): void {
    super.send(Buffer.from(text), { binary: true })
  }
}

class LaterPing extends WebSocket {
  override ping(): void {
    setImmediate(() => {
      super.ping()
    })
  }
}

it('frames pass through if ws writes the same bytes as the gateway, and at once', () => {
  expect(passThrough()).toBe(true)
})

it.each([
  ['writes messages as different frames', { WebSocket: OtherFrames }],
  ['writes a frame of its own later', { WebSocket: LaterPing }],
  ['does not open the connection', { verifyClient: () => false }],
])('frames do not pass through if ws %s', (_what, more) => {
  expect(passThrough(more)).toBe(false)
})
