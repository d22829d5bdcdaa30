#!/usr/bin/env bash
# Vite 8.3.8: an `import()` that failed because its style sheet did not arrive succeeds at the second try, without the style.
#
# A guess from the documentation ("vite:preloadError"; a dynamic import that fails rejects): the import can be tried again
# when the server answers, and then the whole view is there. The loader in the page notes each style before it arrives and
# asks for it only once, so the second import resolves and the view shows without its style, with no error and no event.
# The build also takes `.then(…, handler)` behind an import into the function that runs after the styles have arrived: the
# handler does not see that a style is missing.
# The program needs the system libraries that a headless Chromium needs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
# 153.0.0 has Chromium 153.0.8010.0.
npm install --silent --no-audit --no-fund vite@8.3.8 @sparticuz/chromium@153.0.0 playwright-core@1.65.1
mkdir site
echo '<!doctype html><title>Views</title><p id="view">text</p><script type="module" src="/main.js"></script>' >site/index.html
cat >site/main.js <<'JS'
window.openView = async () => {
  try {
    await import('./view.js')
    return 'resolved'
  } catch (fault) {
    return fault.message
  }
}
window.openOther = () => import('./other.js').then(() => 'resolved', () => 'handled')
JS
echo "import './view.css'" >site/view.js
echo '#view { color: rgb(0, 128, 0) }' >site/view.css
echo "import './other.css'" >site/other.js
echo '#view { margin: 0 }' >site/other.css
npx vite build site --logLevel warn
cat >run.mjs <<'JS'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import program from '@sparticuz/chromium'
import { chromium } from 'playwright-core'

const types = { js: 'text/javascript', css: 'text/css', html: 'text/html' }
let styleRequests = 0
const asked = new Set()
const server = createServer(async ({ url }, response) => {
  const path = url === '/' ? '/index.html' : url
  const type = types[path.split('.').at(-1)]
  if (path.includes('view') && type === 'text/css') styleRequests++
  if (type === 'text/css' && !asked.has(path)) {
    asked.add(path)
    return response.writeHead(503).end()
  }
  const body = await readFile(`site/dist${path}`).catch(() => undefined)
  response.writeHead(body ? 200 : 404, { 'Content-Type': type ?? 'text/plain' }).end(body)
})
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const address = `http://127.0.0.1:${server.address().port}/`

const browser = await chromium.launch({ executablePath: await program.executablePath(), args: program.args })
const page = await browser.newPage()
const openView = async () => {
  const outcome = await page.evaluate(() => window.openView())
  const color = await page.evaluate(() => getComputedStyle(document.querySelector('#view')).color)
  return `${outcome.replace(/http.*\/view-[\w-]+/, '/assets/view-HASH')}; ${color}; requests of the style: ${styleRequests}`
}
await page.goto(address)
console.log(`first import: ${await openView()}`)
console.log(`second import: ${await openView()}`)
const other = await page.evaluate(() => window.openOther()).catch(() => 'rejected in spite of its handler')
console.log(`import with a handler: ${other}`)
await page.reload()
console.log(`after a reload: ${await openView()}`)
await browser.close()
server.close()
JS
TMPDIR=$folder node run.mjs | tee seen
grep -qx 'first import: Unable to preload CSS for /assets/view-HASH.css; rgb(0, 0, 0); requests of the style: 1' seen
grep -qx 'second import: resolved; rgb(0, 0, 0); requests of the style: 1' seen
grep -qx 'after a reload: resolved; rgb(0, 128, 0); requests of the style: 2' seen
grep -qx 'import with a handler: rejected in spite of its handler' seen
