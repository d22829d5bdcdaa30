/** A shift of eight hours in ten minutes, and what the page keeps of it. */
import { setTimeout as pause } from 'node:timers/promises'
import { lifeOf } from './acts.mjs'
import { isFull } from './desk-tab.mjs'
import { textOf } from './newsroom.mjs'

/** A line a minute from others, eight hours in ten minutes. */
const stepMs = 1_250
const stepsPerMinute = 60_000 / stepMs
const actEvery = 4
const paletteEvery = 20
const viewsEvery = 30
/** Time for a view to read what it shows. */
const viewMs = 300
/** The page is warm after this part: lists are full, and each view has been open. */
const warmUpShare = 0.1

/**
 * @param {import('playwright-core').Page} tab
 * @param {import('./newsroom.mjs').Newsroom} newsroom
 * @param {number} minutes
 */
export async function playShift(tab, newsroom, minutes) {
  const cdp = await tab.context().newCDPSession(tab)
  await cdp.send('Performance.enable')
  const steps = Math.round(minutes * stepsPerMinute)
  const warmUp = Math.round(warmUpShare * steps)
  await openViews(tab)
  let begin = await memoryOf(cdp)
  const samples = []
  for (let step = 1; step <= steps; step++) {
    const next = performance.now() + stepMs
    await newsroom.post(textOf(`shift ${step}`))
    if (step % actEvery === 0) await lifeOf(tab, textOf(`mine ${step}`))
    if (step % paletteEvery === 0) await openPalette(tab)
    if (step % viewsEvery === 0) await openViews(tab)
    if (step === warmUp) begin = await memoryOf(cdp)
    if (step > warmUp && step % Math.ceil(steps / 10) === 0) samples.push((await memoryOf(cdp)).heapMB)
    await pause(Math.max(0, next - performance.now()))
  }
  return { begin, end: await memoryOf(cdp), samples, hours: (8 * minutes) / 10 }
}

/** @param {import('playwright-core').Page} tab */
async function openPalette(tab) {
  await tab.keyboard.press('Control+KeyK')
  await tab.getByRole('dialog').waitFor()
  await tab.keyboard.press('Escape')
  await tab.getByRole('dialog').waitFor({ state: 'hidden' })
}

/** @param {import('playwright-core').Page} tab */
async function openViews(tab) {
  for (const view of ['archive', 'charts', 'account', 'newsroom']) {
    await tab.evaluate(`location.hash = '#/${view}'`)
    const state = view === 'newsroom' ? 'visible' : 'detached'
    await tab.locator('[data-composer]').waitFor({ state })
    await pause(viewMs)
  }
  await isFull(tab)
}

/** @param {import('playwright-core').CDPSession} cdp */
async function memoryOf(cdp) {
  for (let n = 0; n < 3; n++) {
    await cdp.send('HeapProfiler.collectGarbage')
    await pause(100)
  }
  const { metrics } = await cdp.send('Performance.getMetrics')
  const valueOf = (/** @type {string} */ wanted) => metrics.find(({ name }) => name === wanted)?.value ?? NaN
  return { heapMB: valueOf('JSHeapUsedSize') / 2 ** 20, nodes: valueOf('Nodes') }
}
