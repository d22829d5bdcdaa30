/** A proxy between a service and its Redis that can swallow pub/sub messages. */
import { connect, createServer } from 'node:net'
import { monotonicMs } from './clock.mjs'

const limitMs = 5000

/**
 * @typedef {object} RespProxy
 * @property {string} url
 * @property {() => Promise<number>} swallowNext swallows the next message and settles with the time (monotonicMs)
 * @property {() => Promise<number>} nextPassed settles with the time at which the next message passes
 * @property {() => void} close
 *
 * @param {string} redisSocket path
 * @param {string} channel messages of other channels, and of patterns, pass
 * @returns {Promise<RespProxy>}
 */
export async function startRespProxy(redisSocket, channel) {
  const wanted = new RegExp(`^[*>]3\\r\\n\\$7\\r\\nmessage\\r\\n\\$\\d+\\r\\n${escape(channel)}\\r\\n`)
  /** @type {((atMs: number) => void) | undefined} */
  let onSwallowed
  /** @type {((atMs: number) => void) | undefined} */
  let onPassed
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set()

  const server = createServer((client) => {
    const redis = connect(redisSocket)
    for (const socket of [client, redis]) {
      sockets.add(socket.setNoDelay(true))
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        redis.destroy()
      })
    }
    client.on('data', (chunk) => redis.write(chunk))
    let rest = Buffer.alloc(0)
    redis.on('data', (chunk) => {
      const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let at = 0
      for (let end = replyEnd(all, at); end > 0; end = replyEnd(all, at)) {
        const reply = all.subarray(at, end)
        at = end
        if (swallows(reply)) continue
        client.write(reply)
      }
      rest = all.subarray(at)
    })
  })

  /** @param {Buffer} reply */
  function swallows(reply) {
    if (!onSwallowed && !onPassed) return false
    if (!wanted.test(reply.toString('latin1', 0, 200))) return false
    const callback = onSwallowed ?? onPassed
    const swallowed = onSwallowed !== undefined
    if (swallowed) onSwallowed = undefined
    else onPassed = undefined
    callback?.(monotonicMs())
    return swallowed
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    url: `redis://127.0.0.1:${port}`,
    swallowNext: () => within(new Promise((resolve) => (onSwallowed = resolve))),
    nextPassed: () => within(new Promise((resolve) => (onPassed = resolve))),
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll(/[^\w]/g, '\\$&')
}

/**
 * @param {Promise<number>} promise
 * @returns {Promise<number>}
 */
function within(promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no such message within ${limitMs} ms`)), limitMs)
    void promise.then((atMs) => {
      clearTimeout(timer)
      resolve(atMs)
    })
  })
}

/**
 * @param {Buffer} bytes
 * @param {number} at
 * @returns {number} end of the reply (RESP2 or RESP3) that begins at `at`; -1 while it is not complete
 */
function replyEnd(bytes, at) {
  const line = bytes.indexOf('\r\n', at)
  if (line < 0) return -1
  const kind = String.fromCharCode(bytes[at] ?? 0)
  const size = Number(bytes.toString('latin1', at + 1, line))
  let end = line + 2
  if ('$=!'.includes(kind)) {
    if (size >= 0) end += size + 2
    return end <= bytes.length ? end : -1
  }
  const parts = '*>~'.includes(kind) ? size : kind === '%' ? size * 2 : 0
  for (let part = 0; part < parts; part++) {
    end = replyEnd(bytes, end)
    if (end < 0) return -1
  }
  return end
}
