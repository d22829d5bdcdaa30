import type { Environment } from './environment.ts'
import type { Dial } from './link.ts'
import { readFrame } from './read-frame.ts'
import type { Transport } from './types.ts'

/** The available transports, from the best to the last resort. */
export function ladderOf(environment: Environment): readonly (readonly [Transport, Dial])[] {
  const { WebSocket } = environment
  const overHttp = (['sse', 'poll'] as const).map((name) => [name, httpDial(environment, name)] as const)
  return WebSocket ? [['websocket', webSocketDial(WebSocket)], ...overHttp] : overHttp
}

function webSocketDial(WebSocket: NonNullable<Environment['WebSocket']>): Dial {
  return ({ url, query }, take) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/live?acks=1&parts=1&${query}`)
    socket.onmessage = ({ data }: { readonly data: unknown }) => take(readFrame(data))
    socket.onclose = take
    // The `close` event follows. In Node an `error` event without a listener would end the process.
    socket.onerror = () => undefined
    return socket
  }
}

function httpDial(environment: Environment, name: 'sse' | 'poll'): Dial {
  return (address, take) => {
    const control = new AbortController()
    // Most readers use a WebSocket, so the HTTP transports are loaded only when they are needed.
    void import('./http-transports.ts')
      .then((follow) => follow[name](environment, address, control.signal, take))
      .catch(() => take({ type: 'close' }))
    return { close: () => control.abort() }
  }
}
