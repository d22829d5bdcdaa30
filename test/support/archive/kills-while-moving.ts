import { expect } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import type { Archive } from '../../../src/archive/archive.ts'
import { walkAudit } from '../../../src/eventlog/audit/walk-audit.ts'
import { readHeads } from '../../../src/eventlog/read-log.ts'
import { openStore, type Store } from '../../../src/eventlog/store/store.ts'
import { parsePosition } from '../../../src/protocol/position.ts'
import { editorKey } from '../cluster.ts'
import { eventually } from '../eventually.ts'
import type { Acknowledged } from '../poster.ts'
import { Scenario } from '../scenario.ts'

const ROUNDS = process.env.FAULTS === 'full' ? 8 : 2

interface Killable {
  readonly url: string
  readonly open: () => Promise<Archive>
  /** Kills the database's server and starts it again; left out where the database has no server. */
  readonly killDatabase?: () => Promise<void>
}

/**
 * Lines are posted, corrected and withdrawn, and move a second after their end, while each kind of process is killed.
 * Then every acknowledged version is there once, log and audit are whole, and readers have lost nothing.
 */
export async function expectNothingLost({ url, open, killDatabase }: Killable): Promise<void> {
  const env = { ARCHIVE_URL: url, ARCHIVE_AFTER_MS: '1000' }
  const scenario = await Scenario.start({ apis: 2, gateways: 2, workers: 2, env })
  const { cluster, poster } = scenario
  try {
    poster.start(40)
    for (let round = 0; round < ROUNDS; round++) {
      for (const member of [cluster.workers[round % 2], cluster.apis[round % 2], cluster.workers[1]]) {
        await pause(700)
        await member?.kill()
        await pause(200)
        await member?.start()
      }
      await killDatabase?.()
      await cluster.killRedis()
      await pause(200)
      await cluster.startRedis()
    }
    await eventually('changes are acknowledged', 60_000, () => poster.acknowledged.length > 150)
    const ledger = await scenario.settle('kill -9 of every kind of process while headlines move')
    expect(ledger.faults).toEqual([])

    const archive = await open()
    const redis = cluster.redisAs('admin')
    try {
      const store = openStore(redis, { keptEvents: 1 })
      await expectMoved(store, archive)
      await expectEach(cluster.apis[0]!.url, poster.acknowledged)
      await expectWholeLog(store, archive)
      expect(await walkAudit(store, 'en', [], archive)).toMatchObject({ fault: undefined, forks: [] })
    } finally {
      redis.disconnect()
      await archive.close()
    }
  } finally {
    await scenario.close()
  }
}

/** All ended headlines but those of the last moment have left Redis. */
async function expectMoved({ redis, keys }: Store, archive: Archive): Promise<void> {
  // A worker that was killed in a round leaves its turn for half a minute.
  await eventually('ended headlines are moved', 60_000, async () => {
    const left = await Promise.all(
      ['withdrawn', 'expired'].map((status) => redis.zcard(keys.feed('en').status(status))),
    )
    return left.every((count) => count === 0)
  })
  expect(await archive.countLines('en')).toBeGreaterThan(10)
}

interface Answer {
  readonly version: number
  readonly versions: readonly { content?: { text?: string } }[]
}

async function expectEach(url: string, acknowledged: readonly Acknowledged[]): Promise<void> {
  const get = async <Body>(path: string): Promise<Body> => {
    const answer = await fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${editorKey}` } })
    expect([path, answer.status]).toEqual([path, 200])
    return (await answer.json()) as Body
  }
  for (const { id, version, text } of acknowledged) {
    const headline = await get<Answer>(`/v1/feeds/en/headlines/${id}`)
    expect(headline.version).toBeGreaterThanOrEqual(version)
    if (text !== undefined) expect(headline.versions[version - 1]?.content?.text).toBe(text)
  }
  const listed: string[] = []
  let next: string | undefined
  do {
    const query = next === undefined ? '' : `&cursor=${next}`
    const page = await get<{ headlines: { id: string }[]; next?: string }>(
      `/v1/feeds/en/headlines?limit=50${query}`,
    )
    listed.push(...page.headlines.map(({ id }) => id))
    next = page.next
  } while (next !== undefined)
  expect(new Set(listed).size).toBe(listed.length)
  const ids = new Set(acknowledged.map(({ id }) => id))
  expect([...ids].filter((id) => !listed.includes(id))).toEqual([])
}

async function expectWholeLog(store: Store, archive: Archive): Promise<void> {
  const [head] = await readHeads(store, ['en'])
  await eventually('the log is copied', 60_000, async () => {
    const newest = await archive.readNewestEvent('en')
    return parsePosition(newest?.position ?? '')?.seq === head?.seq
  })
  const events = await archive.readEvents('en', {}, 100_000)
  expect(events.map(({ position }) => parsePosition(position)?.seq)).toEqual(
    Array.from({ length: head?.seq ?? 0 }, (_, index) => index + 1),
  )
}
