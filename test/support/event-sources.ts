import { expect } from '@jest/globals'
import { freePort } from './cluster.ts'
import { eventually } from './eventually.ts'
import type { DrivenPage } from './driven-browser.ts'
import { startSystem, type System } from './system.ts'

const LIMIT_MS = 60_000
const SOURCES = 5

type Seen = readonly (number | 'closed')[]

/** The seqs of the events that each EventSource of the page has taken, and `closed` for one that is closed for good. */
const follow = `(() => {
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
  }
})()`

/** Opens several EventSources, and expects all of them to live through a busy gateway and its restart. */
export async function expectReturns(
  open: (url: string) => Promise<Pick<DrivenPage, 'evaluate'>>,
): Promise<void> {
  const systems: System[] = []
  const start = async (settings: Record<string, string | number>): Promise<System> => {
    const system = await startSystem(settings)
    systems.push(system)
    return system
  }
  try {
    const PORT = await freePort()
    // One EventSource is served at once, and the others are sent away.
    const first = await start({ PORT, CONNECTS_PER_SECOND: 1 })
    // A page without a stream of its own.
    const page = await open(`${first.url}/how-to-post`)
    const seen = () => page.evaluate<Seen[]>('seen')
    await page.evaluate(follow)
    await first.publish('en', 2)
    const have = (last: number) =>
      eventually(`all have ${last}`, LIMIT_MS, async () =>
        (await seen()).every((seqs) => seqs.at(-1) === last || seqs.includes('closed')),
      )
    await have(2)
    expect(await page.evaluate('seen.filter((seqs) => seqs.byes > 0).length')).toBeGreaterThan(0)

    await first.stop()
    const second = await start({ PORT, REDIS_PREFIX: first.prefix })
    await second.publish('en', 3)
    await have(5)
    for (const seqs of await seen()) {
      expect(seqs).not.toContain('closed')
      expect(seqs.slice(-3)).toEqual([3, 4, 5])
      expect(new Set(seqs).size).toBe(seqs.length)
    }
  } finally {
    for (const system of systems) await system.close()
  }
}
