/**
 * Takes the pictures of the showcase in docs/images from a running Flashline (`FLASHLINE_URL`, by default the one of
 * `npm start`): start it, play `npm run demo -- --fast`, then `node scripts/showcase-screenshots.mjs [folder]`.
 * The fonts are this system's: with Debian's fonts-noto-core the pictures come out as they are in docs/images.
 */
import { mkdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findChromium } from './chromium.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const folder = resolve(process.argv[2] ?? join(projectRoot, 'docs/images'))
const base = process.env['FLASHLINE_URL'] ?? 'http://127.0.0.1:8080'
/** So that nobody waits for a picture in the docs. */
const largestBytes = 250_000
/** For the first lines of the tickers, which may have none. */
const linesLimitMs = 3_000

const desktop = { width: 1280, height: 1000 }
const phone = { width: 390, height: 844 }
const pictures = [
  { name: 'showcase-en', path: '/showcase/en', viewport: desktop },
  { name: 'showcase-ar', path: '/showcase/ar', viewport: desktop },
  { name: 'showcase-en-phone', path: '/showcase/en', viewport: phone },
  { name: 'showcase-ar-phone', path: '/showcase/ar', viewport: phone },
]

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

/** @param {{ name: string, path: string, viewport: { width: number, height: number } }} picture */
async function take({ name, path, viewport }) {
  const page = await browser.newPage({ viewport, colorScheme: 'light', reducedMotion: 'reduce' })
  await page.goto(new URL(path, base).href, { waitUntil: 'load' })
  // The fallback stands in the element until its first lines do.
  await page
    .locator('flashline-ticker .quiet')
    .first()
    .waitFor({ state: 'hidden', timeout: linesLimitMs })
    .catch(() => console.warn(`${name}: the ticker shows its fallback`))
  const file = join(folder, `${name}.png`)
  await page.screenshot({ path: file })
  await page.close()
  const { size } = await stat(file)
  if (size > largestBytes) throw new Error(`${file} has ${size} bytes; ${largestBytes} are the limit`)
  console.log(`${file} ${size} bytes`)
}
