import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/** Node keeps 1,000 headers and leaves out later ones, so a request with as many cannot be written again. */
const MAX_RAW_HEADERS = 2_000

/**
 * Gives a connection back to Node's HTTP parser, as if its last request had no `Upgrade` header (RFC 9110, section 7.8:
 * a server may ignore it). The parser has left the connection at the end of that request's head: the head is put back
 * in front of the bytes that follow, so body, keep-alive, later requests and all limits are those of any request.
 * False: the head cannot be put back. `shouldUpgradeCallback` of Node 24 is no way: with it Node 24.22 loses the
 * requests that come in one packet behind such a request.
 */
export function ignoreUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Socket,
  following: Buffer,
): boolean {
  const head = headWithoutUpgrade(request)
  if (!head) return false
  socket.unshift(Buffer.concat([head, following]))
  // As Node's documentation of the event says: this gives a connection to the server.
  server.emit('connection', socket)
  return true
}

function headWithoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer | undefined {
  if (rawHeaders.length >= MAX_RAW_HEADERS) return undefined
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`
  // Names and values alternate.
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (name.toLowerCase() !== 'upgrade') head += `${name}: ${rawHeaders[index + 1]}\r\n`
  }
  // Node reads heads as Latin-1, so the same bytes result.
  return Buffer.from(`${head}\r\n`, 'latin1')
}
