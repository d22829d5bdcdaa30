/** Asks for one address over many connections, and counts the answers. */
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const connections = 64
const answerLimitMs = 10_000

/**
 * Answers a second. All answers to a request have the same length, so bytes are counted and nothing is parsed: the
 * reader must take less time than the server.
 *
 * @param {{ url: string, path: string, headers?: Record<string, string>, ms: number, status: number }} wanted
 */
export async function requestRate({ url, path, headers = {}, ms, status }) {
  const { port, host } = new URL(url)
  const lines = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
  const length = await lengthOfAnswer(Number(port), request, status)
  let answers = 0
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect(Number(port), '127.0.0.1')
    let missing = length
    socket.setNoDelay(true)
    socket.on('connect', () => socket.write(request))
    socket.on('data', ({ length: taken }) => {
      missing -= taken
      if (missing > 0) return
      if (missing < 0) throw new Error('an answer is longer than the first one')
      missing = length
      answers++
      socket.write(request)
    })
    socket.on('error', () => undefined)
    return socket
  })
  await pause(ms / 4)
  const before = { answers, at: performance.now() }
  await pause(ms)
  const rate = ((answers - before.answers) / (performance.now() - before.at)) * 1_000
  for (const socket of sockets) socket.destroy()
  return rate
}

/**
 * @param {number} port
 * @param {Buffer} request
 * @param {number} status
 * @returns {Promise<number>}
 */
function lengthOfAnswer(port, request, status) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    const limit = setTimeout(() => fail('no whole answer came'), answerLimitMs)
    let text = ''
    socket.setEncoding('latin1')
    const fail = (/** @type {string} */ reason) => {
      socket.destroy()
      reject(new Error(reason))
    }
    socket.on('error', reject)
    socket.on('data', (part) => {
      text += part
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      if (!text.startsWith(`HTTP/1.1 ${status} `)) return fail(`not ${status}: ${text.slice(0, 100)}`)
      const body = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0)
      if (text.length < end + 4 + body) return
      clearTimeout(limit)
      socket.destroy()
      resolve(text.length)
    })
  })
}
