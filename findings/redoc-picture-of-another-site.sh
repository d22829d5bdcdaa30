#!/usr/bin/env bash
# redoc 3.0.1: with `disable-telemetry` a page still asks cdn.redoc.ly for a picture, each time it is opened.
#
# A guess from memory of the README ("Opt out with `disable-telemetry`"): then the standalone file asks no other site. The
# telemetry stops, but the line "API docs by" has an <img> of cdn.redoc.ly, and no option leaves it out. A page with
# `img-src 'self'` shows the line without the picture, and the browser sends nothing.
# Seen with Node 20.20.
# The dependency @redocly/redoc-opentelemetry ^0.5.1 is not in the registry: it is overridden, and not used in browsers.
# The program needs the system libraries that a headless Chromium needs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"overrides":{"@redocly/redoc-opentelemetry":"0.2.2"}}' >package.json
npm install --silent --no-audit --no-fund redoc@3.0.1 @sparticuz/chromium@153.0.0 playwright-core@1.65.1
cat >run.mjs <<'JS'
import program from '@sparticuz/chromium'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const files = {
  '/': '<!doctype html><redoc spec-url="/news.json" disable-telemetry="true"></redoc><script type="module" src="/redoc.js"></script>',
  '/news.json': '{"openapi":"3.1.0","info":{"title":"News","version":"1"},"paths":{}}',
  '/redoc.js': readFileSync('node_modules/redoc/bundles/redoc.standalone.js'),
}
const types = { '/': 'text/html', '/news.json': 'application/json', '/redoc.js': 'text/javascript' }
const server = createServer(({ url }, response) => {
  response.writeHead(url in files ? 200 : 404, { 'content-type': types[url] ?? 'text/plain' }).end(files[url])
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const own = `http://127.0.0.1:${server.address().port}/`

const executablePath = await program.executablePath()
const browser = await chromium.launch({ executablePath, args: program.args, timeout: 60_000 })
const page = await browser.newPage()
const others = new Set()
// Nothing leaves this computer.
await page.route((url) => !url.href.startsWith(own), (route) => {
  others.add(route.request().url())
  return route.abort()
})
await page.goto(own)
await page.getByText('API docs by').waitFor()
await page.waitForLoadState('networkidle')
console.log([...others].join('\n'))
await browser.close()
server.close()
JS
TMPDIR=$folder timeout 100 node run.mjs | tee seen
grep -q '^https://cdn.redoc.ly/redoc/logo-' seen
! grep -q 'otel' seen
