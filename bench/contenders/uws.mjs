/** uWebSockets.js, written in C++: its own topic tree does the fan-out. */
import { Redis } from 'ioredis'
import { loadRival, uwsPackage } from '../support/rival.mjs'

const uws = loadRival(uwsPackage())

const [redisUrl = '', channel = ''] = process.argv.slice(2)
const app = uws.App().ws('/*', {
  compression: uws.DISABLED,
  maxBackpressure: 64 * 1024 * 1024,
  open: (/** @type {any} */ client) => client.subscribe('all'),
})

const subscriber = new Redis(redisUrl)
subscriber.on('message', (_channel, message) => app.publish('all', message, false, false))
await subscriber.subscribe(channel)

app.listen('127.0.0.1', 0, (/** @type {unknown} */ listening) => {
  const port = uws.us_socket_local_port(listening)
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${port}` })
})
process.on('disconnect', () => process.exit(0))
