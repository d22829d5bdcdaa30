#!/usr/bin/env bash
# Express 5.3.0: `app.disable('etag')` also takes the ETag from res.sendFile, and leaves the one of express.static.
#
# A guess from memory: the setting is about the bodies that Express makes itself (res.send), and files have their own
# option. The setting counts for res.sendFile too, because it hands `etag: app.enabled('etag')` to `send` (lib/response.js),
# while the middleware express.static knows no app. So a page that moves from one to the other loses its 304 answers.
# Seen with Node 20.20: sendFile none, static W/"…", sendFile in an app with the default setting W/"…".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund express@5.3.0
mkdir files && echo '<p>news</p>' >files/page.html
cat >run.mjs <<'JS'
import express from 'express'
import { once } from 'node:events'

const root = new URL('files/', import.meta.url).pathname
const page = (_request, response) => response.sendFile('page.html', { root })
const without = express().disable('etag').get('/sent', page).use('/static', express.static(root))
const usual = express().get('/sent', page)

async function etagOf(app, path) {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const answer = await fetch(`http://127.0.0.1:${server.address().port}${path}`)
  await answer.text()
  server.close()
  return answer.headers.has('etag')
}

const seen = [await etagOf(without, '/sent'), await etagOf(without, '/static/page.html'), await etagOf(usual, '/sent')]
console.log(`ETag: sendFile without the setting ${seen[0]}, static without it ${seen[1]}, sendFile with it ${seen[2]}`)
if (seen.join() !== 'false,true,true') process.exit(1)
JS
node run.mjs
