#!/usr/bin/env bash
# ioredis 6.0.0: after a reconnection, a subscription that the server refuses ends the process.
#
# The server may refuse a channel that it allowed before, because the rights of a user change at run time. A guess from the
# README: `autoResubscribe` reports a failure as an `error` event, or to the caller of `subscribe`. ioredis sends the
# SUBSCRIBE of a reconnection without a handler, so its refusal is an unhandled rejection.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ioredis@6.0.0
cat >run.mjs <<'JS'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'

let connections = 0
// Speaks as much of RESP3 as a subscriber needs; the second connection has lost its right.
const server = createServer((socket) => {
  const isFirst = ++connections === 1
  socket.on('error', () => undefined).on('data', (chunk) => {
    for (const [, name] of String(chunk).matchAll(/\r\n(hello|info|subscribe|client)\r\n/gi)) {
      const command = name.toLowerCase()
      if (command === 'hello') socket.write('%1\r\n$5\r\nproto\r\n:3\r\n')
      else if (command === 'info') socket.write('$9\r\nloading:0\r\n')
      else if (command === 'client') socket.write('+OK\r\n')
      else if (isFirst) socket.write('>3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n')
      else socket.write('-NOPERM this user has no permissions to access one of the channels\r\n')
    }
  })
  if (isFirst) setTimeout(() => socket.destroy(), 500)
}).listen(0, '127.0.0.1')
await once(server, 'listening')
process.on('unhandledRejection', (error) => {
  console.log(`unhandled rejection: ${error.message.slice(0, 6)}`)
  process.exit(0)
})
setTimeout(() => {
  console.log('no unhandled rejection')
  process.exit(1)
}, 5_000)
const redis = new Redis(server.address().port, '127.0.0.1')
redis.on('error', () => undefined)
await redis.subscribe('news')
console.log('subscribed')
JS
node run.mjs | tee seen
grep -qx 'unhandled rejection: NOPERM' seen
