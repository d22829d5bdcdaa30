/** Acts by keys: from the key to the receipt on the screen, less the time of the API's own answers. */
import { setTimeout as pause } from 'node:timers/promises'
import { allows, seenAt, select, until, watch, write } from './desk-tab.mjs'
import { textOf } from './newsroom.mjs'

/**
 * @param {import('playwright-core').Page} tab
 * @param {number} rounds of a line's life: sent, held, resumed, withdrawn
 * @returns {Promise<{ beyond: number[], whole: number[] }>} ms
 */
export async function measureActs(tab, rounds) {
  /** @type {{ beyond: number[], whole: number[] }} */
  const measured = { beyond: [], whole: [] }
  for (let round = -1; round < rounds; round++) {
    for (const { beyond, whole } of await lifeOf(tab, textOf(`act ${round} ${Date.now()}`))) {
      if (round < 0) continue
      measured.beyond.push(beyond)
      measured.whole.push(whole)
    }
  }
  return measured
}

/**
 * @param {import('playwright-core').Page} tab
 * @param {string} text
 */
export async function lifeOf(tab, text) {
  await write(tab, text)
  const acts = [await timed(tab, ['Control+Enter'], [text, 'Live'])]
  await tab.keyboard.press('Escape')
  await select(tab, text)
  await allows(tab, 'Hold')
  acts.push(await timed(tab, ['KeyH'], [text, 'On hold']))
  await allows(tab, 'Resume')
  acts.push(await timed(tab, ['KeyH'], [text, 'Live']))
  await allows(tab, 'Withdraw')
  await tab.keyboard.press('KeyW')
  await tab.locator('.line-acts form button').waitFor({ state: 'attached' })
  acts.push(await timed(tab, ['Enter'], [text, 'Withdrawn']))
  return acts
}

/**
 * @param {import('playwright-core').Page} tab
 * @param {string[]} keys
 * @param {string[]} words of the receipt
 */
async function timed(tab, keys, words) {
  await tab.evaluate('bench.requests.length = 0')
  await watch(tab, '.receipts .row:first-child', words)
  for (const each of keys) await tab.keyboard.press(each)
  const seen = await seenAt(tab)
  // The entry of a request comes a moment after its answer.
  await until(tab, 'bench.requests.length > 0')
  await pause(20)
  /** @type {{ keyAt: number, answered: number }} */
  const { keyAt, answered } = await tab.evaluate(
    `({ keyAt: performance.timeOrigin + bench.keyAt, answered: bench.requests.reduce((sum, { duration }) => sum + duration, 0) })`,
  )
  return { whole: seen - keyAt, beyond: seen - keyAt - answered }
}
