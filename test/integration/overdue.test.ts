import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { freeze } from '../../src/eventlog/feeds/freeze.ts'
import { readWaiting } from '../../src/eventlog/read-waiting.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { readTime } from '../../src/eventlog/store/read-time.ts'
import { newId, publish, save, testAct, withdraw } from '../support/changes.ts'
import { DeskReader } from '../support/desk-reader.ts'
import { eventually } from '../support/eventually.ts'
import { startSystem, systemKey, type System } from '../support/system.ts'

const LIMIT_MS = 10_000

let system: System
beforeEach(async () => {
  // No worker runs.
  system = await startSystem({}, 'api')
})
afterEach(() => system.close())

interface Ready {
  readonly overdueMs: number
  readonly warnings: readonly string[]
}
const ready = async () => (await system.get<Ready>('/readyz')).body

describe('a headline that should be out and is not', () => {
  it('is told in /readyz, in the metrics and to the desk, without feed and id, until it is out', async () => {
    const desk = await DeskReader.open(`${system.url}/v1/feeds/en/desk`, systemKey)
    const id = newId()
    await save(system.store, publish(id, 'Nobody comes'))
    await eventually('/readyz warns', LIMIT_MS, async () => (await ready()).warnings.includes('overdue'))
    const answer = await ready()
    expect(answer.overdueMs).toBeGreaterThan(1_000)
    expect(JSON.stringify(answer)).not.toMatch(new RegExp(`${id}|"en"`))
    expect(await system.metric('overdue_seconds')).toBeGreaterThan(1)
    expect((await desk.first('overdue')).overdueMs).toBeGreaterThan(1_000)

    await releaseDue(system.store, 'en')
    await eventually('the desk hears that it is over', LIMIT_MS, () =>
      desk.frames.some(({ overdueMs }) => overdueMs === 0),
    )
    await eventually('/readyz warns no more', LIMIT_MS, async () => (await ready()).overdueMs === 0)
    expect((await ready()).warnings).not.toContain('overdue')
    desk.drop()
  })
})

describe('the age of what waits in a feed', () => {
  const ages = async () => (await readWaiting(system.store, ['en', 'none'])).map((found) => found?.overdueMs)

  it('is none before its time, and counts from its time', async () => {
    const now = await readTime(system.store)
    await save(system.store, publish(newId(), 'Later', { dueAt: now + 60_000 }))
    expect(await ages()).toEqual([undefined, undefined])
    await save(system.store, publish(newId(), 'Long ago', { dueAt: Math.floor(now) - 90_000 }))
    expect((await ages())[0]).toBeGreaterThanOrEqual(90_000)
  })

  it('of a withdrawal counts from its acceptance, in a frozen feed too', async () => {
    const id = newId()
    await save(system.store, publish(id, 'First'))
    await releaseDue(system.store, 'en')
    await save(system.store, publish(newId(), 'Waits for the thaw', { dueAt: 1 }))
    await freeze(system.store, 'en', testAct, Date.now())
    expect((await ages())[0]).toBeUndefined()
    await save(system.store, withdraw(id))
    expect((await ages())[0]).toBeLessThan(60_000)
  })
})
