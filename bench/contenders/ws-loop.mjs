/** The simplest implementation: ws, and a loop that sends every message of Redis to every client. */
import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import { WebSocketServer } from 'ws'

const [redisUrl = '', channel = ''] = process.argv.slice(2)
const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false })

const subscriber = new Redis(redisUrl)
subscriber.on('message', (_channel, message) => {
  for (const client of sockets.clients) client.send(message)
})
await subscriber.subscribe(channel)

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${port}` })
})
process.on('disconnect', () => process.exit(0))
