import { once } from 'node:events'
import { connect } from 'node:net'
import { flashline } from '../contenders/contenders.mjs'
import { short } from '../support/machine.mjs'
import { heading } from '../support/report.mjs'
import { on } from './cell.mjs'

const atOnce = 500

/** Memory of an idle reader of server-sent events, for which Node keeps request, answer and parser. @param {import('./cell.mjs').Task} task */
export async function streams({ environment, quick }) {
  const few = quick ? 500 : 1000
  const many = quick ? 1000 : 8000
  /** @type {import('node:net').Socket[]} */
  const sockets = []
  const kb = await on(flashline, environment, async (stage) => {
    const open = async (/** @type {number} */ count) => {
      while (sockets.length < count)
        sockets.push(...(await Promise.all(Array.from({ length: atOnce }, () => openStream(stage)))))
      return stage.rssKb()
    }
    const before = await open(few)
    return ((await open(many)) - before) / (many - few)
  }).finally(() => {
    for (const socket of sockets) socket.destroy()
  })
  heading('Server-sent events', `kB for one idle connection (${few} to ${many}): ${short(kb)}`)
}

/** @param {import('../stage.mjs').Stage} stage */
async function openStream(stage) {
  const port = Number(new URL(stage.url ?? '').port)
  const socket = connect({ host: '127.0.0.1', port })
  socket.on('error', () => undefined)
  socket.write(
    `GET /v1/feeds/${stage.feeds[0]}/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n`,
  )
  const [head] = await once(socket, 'data')
  if (!String(head).startsWith('HTTP/1.1 200')) throw new Error(String(head).slice(0, 200))
  socket.resume()
  return socket
}
