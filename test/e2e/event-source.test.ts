import { afterEach, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { freePort } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { openChromium } from '../support/chromium.ts'
import { startSystem, type System } from '../support/system.ts'

const LIMIT_MS = 60_000
const SOURCES = 5

let browser: Browser | undefined
const systems: System[] = []
afterEach(async () => {
  await browser?.close()
  for (const system of systems.splice(0)) await system.close()
}, 60_000)

async function start(settings: Record<string, string | number>): Promise<System> {
  const system = await startSystem(settings)
  systems.push(system)
  return system
}

/** The seqs of the events that each EventSource of the page has taken, and `closed` for one that is closed for good. */
const follow = `
  window.seen = []
  for (let n = 0; n < ${SOURCES}; n++) {
    const seqs = []
    seen.push(seqs)
    const source = new EventSource('/v1/feeds/en/events')
    source.onmessage = ({ data }) => {
      const { type, position } = JSON.parse(data)
      if (type === 'bye') seqs.byes = (seqs.byes ?? 0) + 1
      if (type === 'reset' || type === 'event') seqs.push(Number(position.split(':')[1]))
    }
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) seqs.push('closed')
    }
  }`

const seen = (page: Page) => page.evaluate<(number | 'closed')[][]>('seen')

it('every EventSource of a browser comes back to a gateway that was busy and then stopped, and misses no event', async () => {
  browser = await openChromium()
  const PORT = await freePort()
  // One EventSource is served at once, and the others are sent away.
  const first = await start({ PORT, CONNECTS_PER_SECOND: 1 })
  const settings = { PORT, REDIS_PREFIX: first.prefix }
  const page = await browser.newPage()
  await page.goto(`${first.url}/problems/invalid-body`)
  await page.evaluate(follow)
  await first.publish('en', 2)
  const have = (last: number) =>
    eventually(`all have ${last}`, LIMIT_MS, async () => {
      const all = await seen(page)
      return all.every((seqs) => seqs.at(-1) === last || seqs.includes('closed'))
    })
  await have(2)
  expect(await page.evaluate('seen.filter((seqs) => seqs.byes > 0).length')).toBeGreaterThan(0)

  await first.stop()
  const second = await start(settings)
  await second.publish('en', 3)
  await have(5)
  for (const seqs of await seen(page)) {
    expect(seqs).not.toContain('closed')
    expect(seqs.slice(-3)).toEqual([3, 4, 5])
    expect(new Set(seqs).size).toBe(seqs.length)
  }
}, 120_000)
