/**
 * The contact sheets of the ticker's gallery: each shows one mode, theme and direction in all widths and urgencies.
 */

/**
 * @typedef {object} Sheet
 * @property {string} name of the picture
 * @property {string} mode
 * @property {string} theme
 * @property {string} lang
 * @property {'active'} [forcedColors]
 */

export const modes = ['strip', 'list', 'crawl']
export const themes = ['light', 'dark']
export const langs = ['en', 'ar']
const widths = [1280, 768, 320, 200]
const urgencies = ['flash', 'bulletin', 'urgent', 'routine']

/** @type {Sheet[]} */
export const sheets = [
  ...modes.flatMap((mode) =>
    themes.flatMap((theme) => langs.map((lang) => ({ name: `${mode}-${theme}-${lang}`, mode, theme, lang }))),
  ),
  .../** @type {const} */ (['strip', 'list']).map((mode) => ({
    name: `${mode}-forced-colours`,
    mode,
    theme: 'light',
    lang: 'en',
    forcedColors: /** @type {const} */ ('active'),
  })),
]

/**
 * A page with all tickers of a sheet. `isReady()` in it says whether all of them show; a crawl is paused where its
 * headline begins.
 *
 * @param {Sheet} sheet
 * @param {string} flashline
 */
export function sheetPage({ mode, theme, lang }, flashline) {
  const ground = theme === 'dark' ? '#0b0c0d; color: #adb0b6' : '#eceae6; color: #595959'
  const ticker = (/** @type {string} */ filter) =>
    `<flashline-ticker feed="${lang}" mode="${mode}" theme="${theme}" ${filter}></flashline-ticker>`
  const tickers =
    mode === 'list' ? ticker('') : urgencies.map((urgency) => ticker(`section="${urgency}"`)).join('')
  const columns = widths.map(
    (width) => `<section style="inline-size: ${width}px"><h2>${width} px</h2>${tickers}</section>`,
  )
  return `<!doctype html>
<html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}">
<title>Tickers</title>
<link rel="icon" href="data:,">
<style>
  body { display: flex; flex-wrap: wrap; gap: 16px; margin: 16px; background: ${ground}; font: 16px system-ui }
  h2 { direction: ltr; margin: 0 0 4px; font-size: 12px; font-weight: 400 }
  section { flex: none }
  flashline-ticker { margin-block-end: 8px }
  flashline-ticker[mode='list'] { --flashline-block-size: auto }
</style>
<body>
${columns.join('\n')}
<script>${isReady}</script>
<script src="${flashline}/widget/v1.js"></script>`
}

const isReady = `
  function isReady() {
    return [...document.querySelectorAll('flashline-ticker')].map(isShown).every(Boolean)
  }
  function isShown(ticker) {
    const root = ticker.shadowRoot
    const line = root?.querySelector('.line')
    if (!line?.querySelector('.headline')) return false
    const text = root.querySelector('.view')
    const isCut = ticker.getAttribute('mode') === 'strip' && text.scrollHeight > text.clientHeight + 1
    if (isCut && root.querySelector('.more').hidden) return false
    if (ticker.getAttribute('mode') !== 'crawl') return true
    const pause = root.querySelector('.pause')
    if (pause.getAttribute('aria-pressed') === 'true') return true
    const [box, view] = [line, root.querySelector('.view')].map((part) => part.getBoundingClientRect())
    const way = document.dir === 'rtl' ? view.right - box.right : box.left - view.left
    if (way < 24) pause.click()
    return false
  }`
