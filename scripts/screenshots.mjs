/**
 * Takes the pictures of the page, the showcase and the ticker in docs/images from a running Flashline (`FLASHLINE_URL`, by
 * default that of `npm start`): start it, run `npm run demo -- --fast`, then `node scripts/screenshots.mjs [folder]`.
 * The browser uses this system's fonts; the pictures in docs/images were taken with Debian's fonts-noto-core.
 */
import { mkdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findChromium } from './support/chromium.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const folder = resolve(process.argv[2] ?? join(projectRoot, 'docs/images'))
const base = process.env['FLASHLINE_URL'] ?? 'http://127.0.0.1:8080'
/** Keeps the pictures small enough to load fast in the documentation. */
const largestBytes = 250_000
/** Time to wait for the first headline of a ticker; its feed may have none. */
const headlineTimeoutMs = 3_000

const desktop = { width: 1280, height: 1000 }
const page = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
const strip = { width: 900, height: 48 }
/** In this width the ticker has two rows. */
const narrow = { width: 360, height: 124 }
const list = { width: 480, height: 330 }
const pictures = [
  { name: 'page', path: '/', viewport: page },
  { name: 'showcase-en', path: '/showcase/en', viewport: desktop },
  { name: 'showcase-ar', path: '/showcase/ar', viewport: desktop },
  { name: 'showcase-en-phone', path: '/showcase/en', viewport: phone },
  { name: 'showcase-ar-phone', path: '/showcase/ar', viewport: phone },
  ...['en', 'ar'].flatMap((lang) => [
    { name: `ticker-strip-${lang}`, path: `/embed/demo-${lang}?mode=strip&theme=light`, viewport: strip },
    { name: `ticker-strip-${lang}-dark`, path: `/embed/demo-${lang}?mode=strip&theme=dark`, viewport: strip },
    {
      name: `ticker-strip-${lang}-narrow`,
      path: `/embed/demo-${lang}?mode=strip&theme=light`,
      viewport: narrow,
    },
    { name: `ticker-list-${lang}`, path: `/embed/demo-${lang}?mode=list&theme=light`, viewport: list },
    {
      name: `ticker-crawl-${lang}`,
      path: `/embed/demo-${lang}?mode=crawl&theme=light`,
      viewport: strip,
      moves: true,
    },
  ]),
]
/** Time until the moving text of a crawl, which begins outside the picture, is visible. */
const crawlMs = 8_000

await mkdir(folder, { recursive: true })
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  for (const picture of pictures) await take(picture)
} finally {
  await browser.close()
}

/** @param {{ name: string, path: string, viewport: { width: number, height: number }, moves?: boolean }} picture */
async function take({ name, path, viewport, moves = false }) {
  const reducedMotion = moves ? 'no-preference' : 'reduce'
  const page = await browser.newPage({ viewport, colorScheme: 'light', reducedMotion })
  await page.goto(new URL(path, base).href, { waitUntil: 'load' })
  await page
    .locator('flashline-ticker .headline, .feed[data-status=live] .flashline-headline')
    .first()
    .waitFor({ timeout: headlineTimeoutMs })
    .catch(() => console.warn(`${name}: no headlines show`))
  if (moves) await page.waitForTimeout(crawlMs)
  const file = join(folder, `${name}.png`)
  await page.screenshot({ path: file })
  await page.close()
  const { size } = await stat(file)
  if (size > largestBytes) throw new Error(`${file} has ${size} bytes, more than ${largestBytes}`)
  console.log(`${file} ${size} bytes`)
}
