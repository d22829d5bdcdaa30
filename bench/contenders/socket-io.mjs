/** Socket.IO with its Redis adapter: events come from an emitter in another process. */
import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import { loadRival } from '../support/rival.mjs'

const { Server } = loadRival('socket.io')
const { createAdapter } = loadRival('@socket.io/redis-adapter')

const [redisUrl = ''] = process.argv.slice(2)
const server = createServer()
const publisher = new Redis(redisUrl)
new Server(server, {
  adapter: createAdapter(publisher, publisher.duplicate()),
  transports: ['websocket'],
  perMessageDeflate: false,
  serveClient: false,
})

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${port}` })
})
process.on('disconnect', () => process.exit(0))
