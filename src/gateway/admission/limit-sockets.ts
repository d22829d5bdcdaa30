import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Metrics } from '../../platform/metrics.ts'
import { groupOf } from './client-address.ts'
import { Tally } from './tally.ts'

/** For requests beside those of readers: browsers open six to a server, and keep them. */
const SPARE_SOCKETS = 250

/**
 * Sockets of one address, whatever they do or do not ask: else one could take all open files of the process. Only
 * where no proxy stands in front, whose address all would share.
 */
export function limitSockets(server: Server, maxReaders: number, metrics: Metrics): void {
  const sockets = new Tally()
  server.on('connection', (socket: Socket) => {
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
