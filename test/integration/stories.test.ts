import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { flagSiblings } from '../../src/eventlog/flag-siblings.ts'
import { redisKeys } from '../../src/eventlog/keys.ts'
import type { EventLog } from '../../src/eventlog/log.ts'
import { readHeadline, type Attention } from '../../src/eventlog/read-headline.ts'
import { auditEntryOf } from '../../src/eventlog/read-audit.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import type { Change } from '../../src/eventlog/save-headline.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { contentSchema } from '../../src/protocol/headline.ts'
import { startWorkers } from '../../workers/main.ts'
import { correct, hold, newId, publish, save, undo, withdraw } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { auditOf } from '../support/log-checks.ts'
import { createTestFeed, freshPrefix, openTestLog, testRedisUrl } from '../support/redis.ts'

const content = (text: string, note?: string) => contentSchema.parse({ text, note, story: 'bridge' })

let opened: Awaited<ReturnType<typeof openTestLog>>
let log: EventLog
const closing: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  opened = await openTestLog()
})
afterAll(() => opened.close())
beforeEach(async () => {
  log = { ...opened, keys: redisKeys(freshPrefix()) }
  await createTestFeed(log)
  await createTestFeed(log, { id: 'ar', lang: 'ar' })
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function line(feed: string, extra: Partial<Change> & { dueAt?: number } = {}): Promise<string> {
  const id = newId()
  await save(log, publish(id, '-', { feed, content: content('Bridge closed'), ...extra }))
  await releaseDue(log, feed)
  return id
}

async function attentionOf(feed: string, id: string): Promise<Attention | undefined> {
  return (await readHeadline(log, feed, id))?.attention
}

it('flags the other lines of the story in every feed that are out, held or waiting', async () => {
  const source = await line('en')
  const [sister, held, waits, gone, elsewhere] = [
    await line('en'),
    await line('ar'),
    await line('ar', { dueAt: Date.now() + 3_600_000 }),
    await line('ar'),
    await line('ar', { content: contentSchema.parse({ text: 'Other story' }) }),
  ]
  await save(log, hold(held, { feed: 'ar', content: {} }))
  await flagSiblings(log, 'ar')
  await save(log, withdraw(gone, { feed: 'ar' }))
  await flagSiblings(log, 'ar')
  const before = await attentionOf('ar', waits)
  expect(before).toMatchObject({ feed: 'ar', id: gone, action: 'withdraw' })

  await save(log, withdraw(source))
  expect(await flagSiblings(log, 'en')).toBe(3)
  const told = { feed: 'en', id: source, action: 'withdraw', version: 2 }
  expect(await attentionOf('en', sister)).toMatchObject(told)
  expect(await attentionOf('ar', held)).toMatchObject(told)
  expect(await attentionOf('ar', waits)).toMatchObject(told)
  for (const [feed, id] of [
    ['en', source],
    ['ar', gone],
    ['ar', elsewhere],
  ] as const)
    expect((await attentionOf(feed, id))?.id).not.toBe(source)
  const entry = (await auditOf(log)).entries.map(auditEntryOf).at(-1)
  expect(entry).toMatchObject({
    headline: sister,
    action: 'needs-attention',
    act: { by: 'flashline' },
    detail: told,
  })
  expect((await auditOf(log, 'ar')).faults()).toEqual([])
})

it('asks for a look after a correction only when readers are told what was wrong', async () => {
  const [source, sister] = [await line('en'), await line('ar')]
  await save(log, correct(source, 1, '-', { content: content('Bridge  closed') }))
  expect(await flagSiblings(log, 'en')).toBe(0)
  await save(log, correct(source, 2, '-', { content: content('Bridge open', 'It was not closed.') }))
  expect(await flagSiblings(log, 'en')).toBe(1)
  expect(await attentionOf('ar', sister)).toMatchObject({ action: 'correct', version: 3 })
})

it('is over when somebody has acted on the line, also when a worker that died tells it again', async () => {
  const [source, sister] = [await line('en'), await line('ar')]
  await save(log, withdraw(source))
  const todo = await log.redis.hgetall(log.keys.feed('en').storyTodo)
  await flagSiblings(log, 'en')
  expect(await log.redis.hlen(log.keys.feed('en').storyTodo)).toBe(0)

  await log.redis.hset(log.keys.feed('en').storyTodo, todo)
  expect(await flagSiblings(log, 'en')).toBe(0)
  expect(await attentionOf('ar', sister)).toBeDefined()

  const attended = {
    ...undo(sister, 1),
    feed: 'ar',
    action: 'attended',
    due: { kind: 'none' },
    status: 'live',
  } as const
  expect(await save(log, attended)).toMatchObject({ kind: 'saved', version: 2 })
  expect(await attentionOf('ar', sister)).toBeUndefined()
  await log.redis.hset(log.keys.feed('en').storyTodo, todo)
  expect(await flagSiblings(log, 'en')).toBe(0)
  expect(await attentionOf('ar', sister)).toBeUndefined()
})

it('asks for nothing when the line was never out', async () => {
  const [source] = [await line('en', { dueAt: Date.now() + 3_600_000 }), await line('ar')]
  await save(log, withdraw(source))
  expect(await log.redis.hlen(log.keys.feed('en').storyTodo)).toBe(0)
})

it('is done by the workers', async () => {
  const connection = new Redis(testRedisUrl, { maxRetriesPerRequest: null })
  const workers = await startWorkers({
    log,
    connection,
    concurrency: 1,
    sweepMs: 200,
    metrics: createMetrics(),
    logger: pino({ level: 'silent' }),
  })
  closing.push(async () => {
    await workers.close()
    connection.disconnect()
  })
  const [source, sister] = [await line('en'), await line('ar')]
  await save(log, withdraw(source))
  await eventually('the sister line is flagged', 8_000, () => attentionOf('ar', sister))
})
