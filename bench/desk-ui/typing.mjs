/** Keystrokes in the composer, each until the frame that shows it. */
import { setTimeout as pause } from 'node:timers/promises'

/** A fast typist: nine keys a second. */
const keyEveryMs = 110
const sentence = 'The mayor of Marrowick opens the second bridge'

/**
 * @param {import('playwright-core').Page} tab
 * @param {number} count of keystrokes
 * @returns {Promise<number[]>} ms
 */
export async function measureTyping(tab, count) {
  const composer = tab.locator('[data-composer]')
  await composer.focus()
  await composer.fill('')
  const keys = [...sentence].map((letter) => (letter === ' ' ? 'Space' : letter))
  const round = [...keys, ...keys.map(() => 'Backspace')]
  await tab.evaluate('bench.keys.length = 0; bench.recordsKeys = true')
  for (let n = 0; n < count; n++) {
    await tab.keyboard.press(round[n % round.length] ?? 'a')
    await pause(keyEveryMs)
  }
  await tab.evaluate('bench.recordsKeys = false')
  await composer.fill('')
  return await tab.evaluate('bench.keys')
}

/**
 * The CPU time of the page's thread, which other work of the machine does not lengthen.
 *
 * @template T
 * @param {import('playwright-core').Page} tab
 * @param {() => Promise<T>} task
 * @returns {Promise<{ result: T, msPerSecond: number }>}
 */
export async function withCpu(tab, task) {
  const cdp = await tab.context().newCDPSession(tab)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN
  }
  const [before, begun] = [await read(), performance.now()]
  const result = await task()
  const seconds = (performance.now() - begun) / 1_000
  const msPerSecond = (1_000 * ((await read()) - before)) / seconds
  await cdp.detach()
  return { result, msPerSecond }
}
