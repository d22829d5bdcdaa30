/**
 * The servers of many partners in one process: `/hook/<number>`. Those from the number `hanging` on take a message and
 * never answer; the others answer after `waitMs`. Notes when each position came first to each of them.
 */
import { createServer } from 'node:http'
import { answerQuestions } from '../support/child.mjs'

const state = { hanging: Infinity, waitMs: 0 }
/** @type {Map<string, Map<number, number>>} position to number of the server to the time (ms since 1970) */
const arrivals = new Map()
let messages = 0

const server = createServer((request, response) => {
  const number = Number(request.url?.split('/').at(-1))
  let text = ''
  request.setEncoding('utf8').on('data', (part) => (text += part))
  request.on('end', () => {
    messages++
    const { data } = JSON.parse(text)
    const first = arrivals.get(data.position) ?? new Map()
    if (!first.has(number)) first.set(number, performance.timeOrigin + performance.now())
    arrivals.set(data.position, first)
    if (number >= state.hanging) return
    if (state.waitMs === 0) response.writeHead(204).end()
    else setTimeout(() => response.writeHead(204).end(), state.waitMs)
  })
})

answerQuestions({
  set: (params) => Object.assign(state, params) && true,
  messages: () => messages,
  /** Times by number, ascending, of those below `hanging`. */
  arrived: ({ position }) =>
    [...(arrivals.get(position) ?? [])].filter(([number]) => number < state.hanging).map(([, at]) => at),
})
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${port}` })
})
process.on('disconnect', () => process.exit(0))
