import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Archive } from '../../../src/archive/archive.ts'
import { copyAudit } from '../../../src/archive/move/copy-audit.ts'
import { copyEvents } from '../../../src/archive/move/copy-events.ts'
import { moveLines } from '../../../src/archive/move/move-lines.ts'
import { bringBack } from '../../../src/archive/reading/bring-back.ts'
import { findLines } from '../../../src/archive/reading/find-lines.ts'
import { readAuditPage } from '../../../src/archive/reading/read-audit-page.ts'
import { readLine } from '../../../src/archive/reading/read-line.ts'
import type { Sources } from '../../../src/archive/reading/sources.ts'
import { trimAudit, trimLog } from '../../../src/eventlog/ended/trim.ts'
import { readHeadline, type HeadlineRecord } from '../../../src/eventlog/read-headline.ts'
import { readAfter } from '../../../src/eventlog/read-log.ts'
import { releaseDue } from '../../../src/eventlog/release-due.ts'
import { redisKeys } from '../../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../../src/eventlog/store/store.ts'
import type { TestDatabase } from './contract.ts'
import { correct, expire, hold, newId, publish, resume, save, withdraw } from '../changes.ts'
import { createTestFeed, freshPrefix, openTestStore } from '../redis.ts'

/** `line` selects one of the headlines that exist by then. `waits`: its release comes with a later one. */
interface Act {
  act: 'publish' | 'correct' | 'withdraw' | 'hold' | 'resume' | 'expire' | 'refile'
  line: number
  waits: boolean
}

/**
 * `crash`: the step ends with an error after so many calls to the archive or to Redis's scripts, as a process that dies
 * there; undefined: it does not. `meanwhile`: an act after its first write to the archive.
 */
interface Upkeep {
  act: 'move' | 'copy' | 'trim'
  crash: number | undefined
  meanwhile: Act | undefined
}
type Step = Act | Upkeep

const newsroom: fc.Arbitrary<Act> = fc.record({
  act: fc.constantFrom(
    ...([
      'publish',
      'publish',
      'withdraw',
      'withdraw',
      'expire',
      'correct',
      'hold',
      'resume',
      'refile',
    ] as const),
  ),
  line: fc.nat(12),
  waits: fc.nat(4).map((n) => n === 0),
})
const upkeep: fc.Arbitrary<Upkeep> = fc.record({
  act: fc.constantFrom(...(['move', 'move', 'copy', 'trim'] as const)),
  crash: fc.option(fc.nat(6), { nil: undefined }),
  meanwhile: fc.option(newsroom, { nil: undefined }),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: newsroom },
  { weight: 1, arbitrary: upkeep },
)

const RUNS = Number(process.env.PROPERTY_RUNS ?? 20)
const FAR = 4_000_000_000_000
const everything = { statuses: [], words: [], attention: false }

/** The oracle is the same feed without an archive, which takes the same acts. */
export function holdsWhateverDies(create: () => Promise<TestDatabase>): void {
  let redis: Awaited<ReturnType<typeof openTestStore>>
  beforeAll(async () => {
    redis = await openTestStore()
  })
  afterAll(() => redis.close())
  const databases: TestDatabase[] = []
  afterEach(async () => {
    for (const database of databases.splice(0)) await database.close()
  })

  it('headlines show what a feed without an archive shows, whatever dies while they move', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), async (steps) => {
        const database = await create()
        databases.push(database)
        const archive = await database.open()
        const store = storeOf(redis)
        const oracle = storeOf(redis)
        await Promise.all([createTestFeed(store), createTestFeed(oracle)])
        const ids: string[] = []
        const sources = { store, archive: () => archive }
        for (const each of steps) {
          await take(each, { sources, archive, oracle, ids })
          await expectTheSame(sources, oracle, ids)
        }
        await expectWholeHistory(sources, archive, oracle)
        await archive.close()
      }),
      { numRuns: RUNS },
    )
  })
}

function storeOf(opened: Store): Store {
  return { ...opened, keys: redisKeys(freshPrefix()) }
}

/** The newsroom's acts go to both feeds. */
interface Scene {
  readonly sources: Sources
  readonly archive: Archive
  readonly oracle: Store
  readonly ids: string[]
}

async function take(each: Step, scene: Scene): Promise<void> {
  if (!('crash' in each)) return act(each, scene)
  const broken = breaking(scene, each)
  await maintain(each.act, broken.store, broken.archive).catch((error: unknown) => {
    if (!(error instanceof Died)) throw error
  })
}

async function act({ act, line, waits }: Act, { sources, oracle, ids }: Scene): Promise<void> {
  const { store } = sources
  const id = act === 'publish' ? newId() : ids[line % Math.max(1, ids.length)]
  if (id === undefined) return
  if (act === 'publish') ids.push(id)
  const version = (await readHeadline(oracle, 'en', id))?.version ?? 0
  const change = changeOf(act, id, version)
  const expected = await save(oracle, change)
  await bringBack(sources, 'en', id)
  const outcome = await save(store, change)
  expect(outcome.kind).toBe(expected.kind)
  if (!waits) await Promise.all([releaseDue(store, 'en'), releaseDue(oracle, 'en')])
}

function changeOf(kind: Act['act'], id: string, version: number) {
  const words = ['line', `v${version}`]
  if (kind === 'publish') return publish(id, 'Line v0', { words })
  if (kind === 'withdraw') return withdraw(id)
  if (kind === 'hold') return hold(id)
  if (kind === 'resume') return resume(id, version)
  if (kind === 'expire') return expire(id, version)
  if (kind === 'correct') return correct(id, version, `Line v${version}`, { words })
  const refile = { action: 'release', allowed: ['withdrawn', 'expired'], status: 'due', words } as const
  return correct(id, version, `Line v${version}`, { ...refile, due: { kind: 'add', op: 'publish' } })
}

async function maintain(kind: Upkeep['act'], store: Store, archive: Archive): Promise<void> {
  if (kind === 'move') {
    await moveLines(store, archive, 'en', FAR, 100)
    return
  }
  const seq = await copyEvents(store, archive, 'en')
  const n = await copyAudit(store, archive, 'en')
  if (kind === 'copy') return
  await trimAudit(store, 'en', n, FAR)
  await trimLog(store, 'en', seq - 2, FAR)
}

class Died extends Error {}

/** The same store and archive; they stop to answer after so many calls, before or after the call takes effect. */
function breaking(scene: Scene, { crash, meanwhile }: Upkeep): { store: Store; archive: Archive } {
  const { archive, sources } = scene
  let left = crash ?? Infinity
  let waiting = meanwhile
  const dying =
    <Args extends unknown[], Result>(name: string, call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      left -= 1
      if (left < -1) throw new Died()
      const result = await call(...args)
      const other = name === 'write' ? waiting : undefined
      if (other) waiting = undefined
      if (other) await act(other, scene)
      if (left < 0) throw new Died()
      return result
    }
  const scripts = Object.fromEntries(
    Object.entries(sources.store.scripts).map(([name, run]) => [name, dying(name, run)]),
  ) as unknown as Store['scripts']
  const proxy = new Proxy(archive, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown
      if (typeof member !== 'function') return member
      return dying(String(name), member.bind(target) as () => Promise<unknown>)
    },
  })
  return { store: { ...sources.store, scripts }, archive: proxy }
}

async function expectTheSame(sources: Sources, oracle: Store, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const [found, expected] = [await readLine(sources, 'en', id), await readHeadline(oracle, 'en', id)]
    expect(comparable(found)).toEqual(comparable(expected))
  }
  const found: string[] = []
  let cursor: Parameters<typeof findLines>[4]
  do {
    const page = await findLines(sources, 'en', everything, 3, cursor)
    found.push(...page.lines.map(({ id }) => id))
    cursor = page.next
  } while (cursor)
  expect([...found].sort()).toEqual([...ids].sort())
}

/** Each of the two feeds has its own clock readings and its own epoch. */
function comparable(record: HeadlineRecord | undefined): unknown {
  const text = JSON.stringify(record)
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'T')
    .replace(/"position":"[^:]+:/g, '"position":"e:')
  return JSON.parse(text)
}

async function expectWholeHistory(sources: Sources, archive: Archive, oracle: Store): Promise<void> {
  await copyEvents(sources.store, archive, 'en')
  const archived = await archive.readEvents('en', {}, 10_000)
  const expected = await readAfter(oracle, 'en', 0, 10_000)
  const plain = (frame = '') => JSON.parse(frame) as { op: string; headline: { id: string; version: number } }
  const short = (frame?: string) => {
    const { op, headline } = plain(frame)
    return [op, headline.id, headline.version]
  }
  expect(archived.map(({ frame }) => short(frame))).toEqual(expected.map(({ json }) => short(json)))
  const own = await readAuditPage(sources, 'en', 0, 10_000)
  const other = await readAuditPage({ store: oracle, archive: () => undefined }, 'en', 0, 10_000)
  const acts = (entries: readonly { n: number; json: string | undefined }[]) =>
    entries.map(({ n, json }) => {
      const { action, headline, after } = JSON.parse(json ?? '') as Record<string, unknown>
      return { n, action, headline, after }
    })
  expect(acts(own.entries)).toEqual(acts(other.entries))
}
