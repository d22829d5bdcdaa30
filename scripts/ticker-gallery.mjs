/**
 * `node scripts/ticker-gallery.mjs`: takes the pictures of docs/ticker-gallery.md and writes that document. It starts a
 * Flashline of its own with one headline of each urgency, in English and in Arabic. The browser uses this system's
 * fonts.
 */
import { once } from 'node:events'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './support/chromium.mjs'
import { policy } from './support/demo-scenario.mjs'
import { galleryDocument } from './support/gallery-document.mjs'
import { galleryLines } from './support/gallery-lines.mjs'
import { sheetPage, sheets } from './support/gallery-sheets.mjs'
import { startPrivateService } from './support/private-service.mjs'
import { build, installDependencies } from './support/set-up.mjs'

/** @import { Sheet } from './support/gallery-sheets.mjs' */
/** @import { PrivateService } from './support/private-service.mjs' */

const docs = resolve(fileURLToPath(import.meta.url), '../../docs')
const folder = join(docs, 'images/gallery')
/** Keeps the pictures small enough to load fast in the documentation. */
const largestBytes = 150_000
const quality = 0.9
const shownLimitMs = 60_000

await installDependencies()
await build()
// After the installation, which brings it.
const { chromium } = await import('playwright-core')
const service = await startPrivateService({ ALLOWED_ORIGINS: '*', WRITES_PER_MINUTE: '1000' })
try {
  for (const lang of Object.keys(galleryLines)) await fill(service, lang)
  await takeAll(service.url)
} finally {
  await service.stop()
}
await writeFile(join(docs, 'ticker-gallery.md'), galleryDocument(sheets))

/**
 * @param {PrivateService} service
 * @param {string} lang
 */
async function fill({ url, post }, lang) {
  await post('/v1/feeds', { id: lang, title: lang, lang, policy })
  const path = `/v1/feeds/${lang}/headlines`
  for (const { headline, correction, pinned } of galleryLines[lang] ?? []) {
    // A section for each urgency, so that a ticker can show this headline alone.
    let { etag, body } = await post(path, { ...headline, section: headline.urgency })
    const own = `${path}/${body.headline.id}`
    if (correction)
      ({ etag } = await post(
        `${own}/correct`,
        { ...headline, section: headline.urgency, ...correction },
        { 'if-match': etag },
      ))
    if (pinned) await post(`${own}/pin`, {}, { 'if-match': etag })
  }
  const limit = Date.now() + shownLimitMs
  while (!(await fetch(`${url}/v1/feeds/${lang}`)).ok)
    if (Date.now() > limit) throw new Error(`The feed ${lang} is not served`)
}

/** @param {string} flashline */
async function takeAll(flashline) {
  await mkdir(folder, { recursive: true })
  const pages = new Map(sheets.map((sheet) => [`/${sheet.name}`, sheetPage(sheet, flashline)]))
  const server = createServer((request, response) => {
    const page = pages.get(request.url ?? '')
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    for (const sheet of sheets) await take(browser, sheet, `http://127.0.0.1:${port}/${sheet.name}`)
  } finally {
    await browser.close()
    server.close()
    server.closeAllConnections()
  }
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {Sheet} sheet
 * @param {string} url
 */
async function take(browser, { name, forcedColors }, url) {
  const page = await browser.newPage({
    viewport: { width: 1352, height: 400 },
    colorScheme: 'light',
    forcedColors: forcedColors ?? 'none',
  })
  await page.goto(url)
  await page.waitForFunction('isReady()', undefined, { timeout: shownLimitMs, polling: 'raf' })
  const file = join(folder, `${name}.webp`)
  await writeFile(file, await webp(page, await page.screenshot({ fullPage: true })))
  await page.close()
  const { size } = await stat(file)
  if (size > largestBytes) throw new Error(`${file} has ${size} bytes, more than ${largestBytes}`)
  console.log(`${file} ${size} bytes`)
}

/**
 * Smaller than a PNG.
 *
 * @param {import('playwright-core').Page} page
 * @param {Buffer} png
 */
async function webp(page, png) {
  const source = `data:image/png;base64,${png.toString('base64')}`
  const url = await page.evaluate(
    `(async () => {
      const image = new Image()
      image.src = ${JSON.stringify(source)}
      await image.decode()
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height })
      canvas.getContext('2d').drawImage(image, 0, 0)
      return canvas.toDataURL('image/webp', ${quality})
    })()`,
  )
  return Buffer.from(String(url).split(',')[1] ?? '', 'base64')
}
