/**
 * `node scripts/desk-pictures.mjs [folder]`: takes the pictures of the newsroom's desk in docs/images, in Chromium, from a
 * Flashline that it starts. The browser uses this system's fonts.
 */
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './support/chromium.mjs'
import { deskLines } from './support/desk-lines.mjs'
import { startPrivateService } from './support/private-service.mjs'
import { build, installDependencies } from './support/set-up.mjs'

/** @import { PrivateService } from './support/private-service.mjs' */
/** @import { Page } from 'playwright-core' */

const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../docs/images', import.meta.url)))
/** Keeps the pictures small enough to load fast in the documentation. */
const largestBytes = 250_000
const password = 'correct horse battery'
const hourMs = 3_600_000
const limitMs = 60_000
/** Charts and counters come to rest. */
const restMs = 1_500

const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
const newsroom = '#/newsroom'

/**
 * @typedef {object} Picture
 * @property {string} name
 * @property {'en' | 'ar'} [lang]
 * @property {string} hash of the view
 * @property {string} mark shows once the view has its data
 * @property {{ width: number, height: number }} [viewport]
 * @property {'light' | 'dark'} [look]
 * @property {(page: Page) => Promise<unknown>} [before] the last steps
 */

/** @type {readonly Picture[]} */
const pictures = [
  { name: 'desk', hash: newsroom, mark: '.strip .row', before: write('Ferry to Orrin goes again') },
  {
    name: 'desk-ar',
    lang: 'ar',
    hash: newsroom,
    mark: '.strip .row',
    before: write('استئناف حركة العبّارات'),
  },
  { name: 'desk-correct', hash: newsroom, mark: '.strip .row', look: 'dark', before: correct },
  { name: 'desk-phone', hash: newsroom, mark: '.strip .row', viewport: phone, before: choose },
  { name: 'desk-archive', hash: '#/archive', mark: '[data-found] > li' },
  { name: 'desk-charts', hash: '#/charts', mark: 'svg.recharts-surface' },
  { name: 'desk-admin', hash: '#/admin/feeds', mark: '.view-part table' },
]

await installDependencies()
await build()
// After the installation, which brings it.
const { chromium } = await import('playwright-core')
const service = await startPrivateService({ WRITES_PER_MINUTE: '1000' })
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  for (const lang of /** @type {const} */ (['en', 'ar'])) await fill(service, lang)
  for (const picture of pictures) await take(picture)
} finally {
  await browser.close()
  await service.stop()
}

/**
 * @param {PrivateService} service
 * @param {'en' | 'ar'} lang
 */
async function fill({ url, post }, lang) {
  const { title, lines } = deskLines[lang]
  const undoMs = { flash: 0, bulletin: 0, urgent: 0, routine: 0 }
  const policy = { undoMs, flashNeedsSecondFactor: false }
  await post('/v1/feeds', { id: lang, title, lang, policy })
  const path = `/v1/feeds/${lang}/headlines`
  for (const { correction, inHours, pinned, held, ...line } of lines) {
    const releaseAt = inHours && { releaseAt: new Date(Date.now() + inHours * hourMs).toISOString() }
    const { etag, body } = await post(path, { ...line, ...releaseAt })
    const own = `${path}/${body.headline.id}`
    if (correction) await post(`${own}/correct`, { ...line, ...correction }, { 'if-match': etag })
    if (pinned) await post(`${own}/pin`, {}, { 'if-match': etag })
    if (held) await post(`${own}/hold`, {})
  }
  const limit = Date.now() + limitMs
  while (!(await fetch(`${url}/v1/feeds/${lang}`)).ok)
    if (Date.now() > limit) throw new Error(`The feed ${lang} is not served`)
}

/** @param {Picture} picture */
async function take({ name, lang = 'en', hash, mark, viewport = desktop, look = 'light', before }) {
  const context = await browser.newContext({
    viewport,
    colorScheme: look,
    locale: lang === 'ar' ? 'ar' : 'en-GB',
    reducedMotion: 'reduce',
  })
  const { token } = (
    await service.post('/v1/invitations', { email: `${name}@example.org`, roles: { '*': 'admin' } })
  ).body
  const person = lang === 'ar' ? 'ليلى' : 'Ann'
  const accepted = await context.request.post(`${service.url}/v1/invitations/accept`, {
    headers: { origin: service.url },
    data: { token, name: person, password },
  })
  if (!accepted.ok()) throw new Error(`${name}: ${accepted.status()}`)
  const page = await context.newPage()
  page.setDefaultTimeout(limitMs)
  await page.goto(`${service.url}/desk${hash}`)
  await page.locator(mark).first().waitFor()
  const feed = page.locator('.desk-head select')
  if ((await feed.count()) > 0) {
    await feed.selectOption(lang)
    await page.waitForTimeout(restMs)
    await page.locator(mark).first().waitFor()
  }
  await before?.(page)
  await page.waitForTimeout(restMs)
  const file = join(folder, `${name}.png`)
  await page.screenshot({ path: file })
  await context.close()
  const { size } = await stat(file)
  if (size > largestBytes) throw new Error(`${file} has ${size} bytes, more than ${largestBytes}`)
  console.log(`${file} ${size} bytes`)
}

/** @param {string} text */
function write(text) {
  return async (/** @type {Page} */ page) => {
    await page.locator('[data-composer]').fill(text)
  }
}

/** @param {Page} page */
async function choose(page) {
  await page.locator('.strip .row-open').first().click()
  await page.locator('.line-acts button').first().waitFor()
  await page.locator('.strip .row').first().scrollIntoViewIfNeeded()
}

/** @param {Page} page */
async function correct(page) {
  await choose(page)
  await page.keyboard.press('KeyE')
  await page.locator('[data-composer]:focus').waitFor()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' until six')
  await page.locator('ins').first().waitFor()
  await page.evaluate('scrollTo(0, 0)')
}
