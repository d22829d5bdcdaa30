import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Metrics } from '../../platform/metrics.ts'
import { groupOf } from './client-address.ts'
import { Tally } from './tally.ts'

/** Sockets beside those of reader sessions: a browser opens six to a server and keeps them. */
const SPARE_SOCKETS = 250

/**
 * Limits the sockets of one address, with or without a request on them, so that no client uses up the process's open
 * files. Used only without a proxy in front, since all clients would share the proxy's address.
 */
export function limitSockets(server: Server, maxReaders: number, metrics: Metrics): void {
  const sockets = new Tally()
  const counted = new WeakSet<Socket>()
  server.on('connection', (socket: Socket) => {
    // A connection is given to the server again when an upgrade is ignored.
    if (counted.has(socket)) return
    counted.add(socket)
    const address = groupOf(socket.remoteAddress ?? 'unknown')
    if (sockets.of(address) >= maxReaders + SPARE_SOCKETS) {
      metrics.connectionsRefused.inc({ reason: 'too-many-sockets' })
      socket.destroy()
      return
    }
    sockets.add(address, 1)
    socket.once('close', () => {
      sockets.add(address, -1)
    })
  })
}
