/** The desk in a browser profile of its own, with clocks inside the page. */
import { setTimeout as pause } from 'node:timers/promises'

const limitMs = 60_000
const pollMs = 30

/**
 * Runs in the page before its own scripts. `afterPaint` calls back in the first task after the next frame is drawn.
 * `watch` notes the time at which an element shows all these words.
 */
const clocks = `
const bench = (window.bench = { keys: [], requests: [], recordsKeys: false, keyAt: 0, seenAt: 0, readyMs: 0 })
const afterPaint = (done) =>
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => done(performance.now())
    port2.postMessage(0)
  })
addEventListener('keydown', ({ timeStamp }) => {
  bench.keyAt = timeStamp
  if (bench.recordsKeys) afterPaint((now) => bench.keys.push(now - timeStamp))
}, true)
const seen = (selector, words) =>
  [...document.querySelectorAll(selector)].some(({ textContent }) => words.every((word) => textContent.includes(word)))
const whenever = (isTrue, done) => {
  const look = () => {
    if (!isTrue()) return
    observer.disconnect()
    afterPaint(done)
  }
  const observer = new MutationObserver(look)
  observer.observe(document, { subtree: true, childList: true, characterData: true })
  look()
}
bench.watch = (selector, words) => {
  bench.seenAt = 0
  whenever(() => seen(selector, words), (now) => (bench.seenAt = performance.timeOrigin + now))
}
whenever(() => document.querySelector('[data-composer]'), (now) => (bench.readyMs = now))
new PerformanceObserver((list) => {
  for (const { name, startTime, duration } of list.getEntries())
    if (/\\/headlines(\\/[^/?]+\\/[a-z]+)?$/.test(name)) bench.requests.push({ startTime, duration })
}).observe({ type: 'resource' })
`

/**
 * @param {import('playwright-core').Browser} browser
 * @param {import('./newsroom.mjs').Newsroom} newsroom
 * @param {string} email
 */
export async function openDesk(browser, newsroom, email) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 } })
  await newsroom.signIn(context, email)
  const tab = await context.newPage()
  tab.setDefaultTimeout(limitMs)
  await tab.addInitScript(clocks)
  return { context, tab }
}

/**
 * The page's policy lets no driver look by itself: it would evaluate text in the page.
 *
 * @param {import('playwright-core').Page} tab
 * @param {string} expression
 */
export async function until(tab, expression) {
  const end = performance.now() + limitMs
  while (!(await tab.evaluate(expression))) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${expression}`)
    await pause(pollMs)
  }
}

/** @param {import('playwright-core').Page} tab */
export async function load(tab, /** @type {string} */ url) {
  await tab.goto(`${url}/desk`)
  await until(tab, 'bench.readyMs > 0')
}

/**
 * Settles when the lists are full.
 *
 * @param {import('playwright-core').Page} tab
 */
export async function isFull(tab) {
  await tab.locator('.strip .row').nth(150).waitFor({ state: 'attached' })
  await tab.locator('[data-group] .row').nth(10).waitFor({ state: 'attached' })
}

/**
 * @param {import('playwright-core').Page} tab
 * @param {string} selector
 * @param {string[]} words
 */
export async function watch(tab, selector, words) {
  await tab.evaluate(`bench.watch(${JSON.stringify(selector)}, ${JSON.stringify(words)})`)
}

/**
 * @param {import('playwright-core').Page} tab
 * @returns {Promise<number>} the time in ms since 1970 at which the watched words were drawn
 */
export async function seenAt(tab) {
  await until(tab, 'bench.seenAt > 0')
  return await tab.evaluate('bench.seenAt')
}

/**
 * Takes a line of the strip, which may move at any moment, and waits for its acts.
 *
 * @param {import('playwright-core').Page} tab
 * @param {string} text
 */
export async function select(tab, text) {
  const row = `[...document.querySelectorAll('.strip .row')].find((row) => row.textContent.includes(${JSON.stringify(text)}))`
  await until(tab, `${row} !== undefined`)
  await tab.evaluate(`${row}.querySelector('.row-open').click()`)
}

/**
 * @param {import('playwright-core').Page} tab
 * @param {string} text
 */
export async function write(tab, text) {
  const composer = tab.locator('[data-composer]')
  await composer.focus()
  await composer.fill(text)
}

/**
 * @param {import('playwright-core').Page} tab
 * @param {string} name of a button that may not be in sight
 */
export async function allows(tab, name) {
  await tab.locator('.line-acts button:enabled', { hasText: name }).first().waitFor({ state: 'attached' })
  // The keys follow the drawing of the buttons.
  await pause(50)
}
