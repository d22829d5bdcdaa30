import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { refuseSocket } from '../platform/http-server.ts'
import { Problem } from '../platform/problem.ts'
import { parseMarkedPosition } from '../protocol/position.ts'
import { credentialIn } from './credential-in.ts'
import { RUN_FEED, type Outlet, type Run } from './run.ts'
import type { Runs } from './runs.ts'

const LIVE = new RegExp(`^/conformance/([\\w-]+)/v1/feeds/${RUN_FEED}/live$`)
const MAX_MESSAGE_BYTES = 1_024
const closeCodeOf = { draining: 1001, revoked: 4401 } as const

/** The feed of a run as a WebSocket. */
export function liveUpgrade(runs: Runs): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  })
  return (request, socket, head) => {
    try {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
      const [, id] = LIVE.exec(pathname) ?? []
      if (id === undefined) throw new Problem('no-such-route')
      const run = runs.findForConnection(id)
      const credential = credentialIn(request.headers.authorization, searchParams.get('token'))
      if (!run.opens(credential)) throw new Problem('partner-refused')
      const written = searchParams.get('after')
      const after = written === null ? undefined : parseMarkedPosition(written)
      if (written !== null && !after) throw new Problem('invalid-position')
      sockets.handleUpgrade(request, socket, head, (client) => join(run, client, after))
    } catch (error) {
      refuseSocket(socket, error instanceof Problem ? error : new Problem('malformed-request'))
    }
  }
}

function join(run: Run, client: WebSocket, after: Parameters<Run['open']>[1]): void {
  const outlet: Outlet = {
    send: (frame) => client.send(JSON.stringify(frame)),
    end: (reason) => client.close(closeCodeOf[reason], reason),
    cut: () => client.terminate(),
  }
  // The close event follows.
  client.on('error', () => undefined)
  client.once('close', run.open(outlet, after))
}
