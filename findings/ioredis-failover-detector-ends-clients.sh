#!/usr/bin/env bash
# ioredis 6.0.0: with `failoverDetector: true` a failover can end a client for good, in place of healing it.
#
# The option is there so that a client leaves a primary that hangs. A guess from the README: it can only make a client
# connect again sooner. But when the news of the failover (`+switch-master`) comes while the client asks a Sentinel where
# the primary is, which is what a client does after its primary was killed, the status becomes `end`: the client tries no
# more, although `retryStrategy` says that it should. Without the option the same client is ready on the new primary.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ioredis@6.0.0
cat >run.mjs <<'JS'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'

// Speak as much of RESP3 as the clients need.
const bulk = (text) => `$${text.length}\r\n${text}\r\n`
const commandsIn = (chunk) => [...String(chunk).matchAll(/\r\n(hello|info|client|subscribe|get-master-addr-by-name|sentinels)\r\n/gi)]
async function listening(answer) {
  const sockets = new Set()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('data', (chunk) => {
      for (const [, name] of commandsIn(chunk)) {
        const command = name.toLowerCase()
        if (command === 'hello') socket.write('%1\r\n$5\r\nproto\r\n:3\r\n')
        else if (command === 'info') socket.write(bulk('role:master\r\nloading:0\r\n'))
        else if (command === 'client') socket.write('+OK\r\n')
        else answer(command, socket)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const kill = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { port: server.address().port, kill }
}

async function statusAfterFailover(failoverDetector) {
  const [first, second] = [await listening(() => undefined), await listening(() => undefined)]
  const listeners = new Set()
  let hasFailedOver = false
  const sentinel = await listening(async (command, socket) => {
    if (command === 'sentinels') socket.write('*0\r\n')
    if (command === 'subscribe') {
      listeners.add(socket)
      socket.write(`>3\r\n${bulk('subscribe')}${bulk('+switch-master')}:1\r\n`)
    }
    if (command !== 'get-master-addr-by-name') return
    const isAsked = hasFailedOver
    if (isAsked) {
      // The news reaches the client before the answer to its question.
      for (const each of listeners) each.write(`>3\r\n${bulk('message')}${bulk('+switch-master')}${bulk('news')}`)
      await pause(200)
    }
    socket.write(`*2\r\n${bulk('127.0.0.1')}${bulk(String((isAsked ? second : first).port))}`)
  })
  const client = new Redis({
    sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
    ...{ name: 'news', protocol: 3, failoverDetector, retryStrategy: () => 100, updateSentinels: false },
  })
  client.on('error', () => undefined)
  await once(client, 'ready')
  while (failoverDetector && listeners.size === 0) await pause(20)
  hasFailedOver = true
  first.kill()
  await once(client, 'close')
  await pause(3_000)
  return client.status
}

console.log(`with failoverDetector: ${await statusAfterFailover(true)}`)
console.log(`without: ${await statusAfterFailover(false)}`)
process.exit()
JS
timeout 60 node run.mjs | tee seen
grep -qx 'with failoverDetector: end' seen
grep -qx 'without: ready' seen
