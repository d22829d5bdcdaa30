/** One desk acts; the other one shows it. */
import { seenAt, watch, write } from './desk-tab.mjs'
import { textOf } from './newsroom.mjs'

/**
 * @param {import('playwright-core').Page} one
 * @param {import('playwright-core').Page} other
 * @param {number} rounds
 * @returns {Promise<number[]>} ms from the key to the other screen, of live lines and of drafts in turn
 */
export async function measureTwoDesks(one, other, rounds) {
  const ms = []
  for (let round = 0; round < rounds; round++) {
    const text = textOf(`seen by two ${round} ${Date.now()}`)
    const isLive = round % 2 === 0
    await watch(other, isLive ? '.strip .row' : '[data-group="drafts"] .row', [text])
    await watch(one, '.receipts .row:first-child', [text])
    await write(one, text)
    if (isLive) await one.keyboard.press('Control+Enter')
    else await one.getByRole('button', { name: 'Save as draft' }).press('Enter')
    await seenAt(one)
    ms.push(await seenAt(other))
    const keyAt = /** @type {number} */ (await one.evaluate('performance.timeOrigin + bench.keyAt'))
    ms.push((ms.pop() ?? NaN) - keyAt)
  }
  return ms
}
