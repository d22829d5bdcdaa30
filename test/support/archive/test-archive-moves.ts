import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ArchiveConnection, type ArchiveState } from '../../../src/archive/archive-connection.ts'
import { ArchiveError, type Archive } from '../../../src/archive/archive.ts'
import { copyAudit } from '../../../src/archive/move/copy-audit.ts'
import { copyEvents } from '../../../src/archive/move/copy-events.ts'
import { findLostEvents } from '../../../src/archive/move/find-lost-events.ts'
import { moveLines } from '../../../src/archive/move/move-lines.ts'
import { walkAudit } from '../../../src/eventlog/audit/walk-audit.ts'
import { readAuditPage } from '../../../src/archive/reading/read-audit-page.ts'
import { readAudit, readAuditHead } from '../../../src/eventlog/audit/read-audit.ts'
import { adoptArchive, claimArchive } from '../../../src/eventlog/ended/claim-archive.ts'
import { readEndedLines } from '../../../src/eventlog/ended/read-ended-lines.ts'
import { removeLine } from '../../../src/eventlog/ended/remove-line.ts'
import { returnLine } from '../../../src/eventlog/ended/return-line.ts'
import { trimAudit } from '../../../src/eventlog/ended/trim.ts'
import { readHeadline } from '../../../src/eventlog/read-headline.ts'
import { loadFeed, readAfter } from '../../../src/eventlog/read-log.ts'
import { releaseDue } from '../../../src/eventlog/release-due.ts'
import type { EventFrame } from '../../../src/protocol/frames.ts'
import { createLogger } from '../../../src/platform/logger.ts'
import { createMetrics } from '../../../src/platform/metrics.ts'
import { archiver } from '../../../workers/archiver.ts'
import { correct, newId, publish, save, withdraw } from '../changes.ts'
import { createTestFeed, openTestStore } from '../redis.ts'
import { copyFeed } from '../rewind.ts'
import { eventOfLine } from './lines.ts'
import type { TestDatabase } from './contract.ts'

const FAR = 4_000_000_000_000
const DAY_MS = 86_400_000

/** The tests of the move between Redis and an archive: it must be right with each database. */
export function testArchiveMoves(create: () => Promise<TestDatabase>): void {
  let database: TestDatabase
  let archive: Archive
  let store: Awaited<ReturnType<typeof openTestStore>>
  const feed = 'en'

  beforeEach(async () => {
    ;[database, store] = await Promise.all([create(), openTestStore()])
    archive = await database.open()
    await createTestFeed(store)
  })
  afterEach(async () => {
    await archive.close()
    await database.close()
    await store.close()
  })

  const release = () => releaseDue(store, feed)
  async function released(text = 'Two on the bridge'): Promise<string> {
    const id = newId()
    await save(store, publish(id, text))
    await release()
    return id
  }
  async function ended(): Promise<string> {
    const id = await released()
    await save(store, correct(id, 1, 'Three on the bridge'))
    await release()
    await save(store, withdraw(id))
    await release()
    return id
  }
  const frames = async () => (await readAfter(store, feed, 0, 10_000)).map(({ json }) => json)
  const archived = async () => (await archive.readEvents(feed, {}, 10_000)).map(({ frame }) => frame)

  describe('the log', () => {
    it('is copied from its beginning, once, by any number of workers, and goes on where it ended', async () => {
      for (let n = 0; n < 3; n++) await ended()
      await Promise.all([1, 2, 3].map(() => copyEvents(store, archive, feed)))
      expect(await archived()).toEqual(await frames())
      await ended()
      expect(await copyEvents(store, archive, feed)).toBe(12)
      expect(await archived()).toEqual(await frames())
      expect(await store.redis.hget(store.keys.feed(feed).head, 'copied')).toBe('12')
    })

    it('is copied in pieces, with a strip from time to time that is the strip of its moment', async () => {
      for (let n = 0; n < 650; n++) await save(store, publish(newId(), `Line ${n}`))
      await release()
      while ((await loadFeed(store, feed, 0))!.head.seq < 700) await release()
      await copyEvents(store, archive, feed)
      const newest = (await archive.readNewestEvent(feed))!
      const strip = await archive.readStoredStrip(feed, newest.number)
      expect(strip!.number).toBe(newest.number)
      const places = strip!.lines.map((line) => (JSON.parse(line) as { place: number }).place)
      expect(places).toHaveLength(await store.redis.zcard(store.keys.feed(feed).places))
      expect(places).toEqual([...places].sort((a, b) => b - a))
      await ended()
      await copyEvents(store, archive, feed)
      const later = (await archive.readNewestEvent(feed))!
      expect((await archive.readStoredStrip(feed, later.number))!.number).toBe(newest.number)
    })

    it('keeps the events that Redis has lost, and goes on with the new epoch', async () => {
      await released()
      const setBack = await copyFeed(store)
      await released('Lost')
      await copyEvents(store, archive, feed)
      const before = await archived()
      await setBack()
      await store.redis.hset(store.keys.feed(feed).head, 'epoch', 'other')
      await released('Instead')
      await copyEvents(store, archive, feed)
      const after = await archived()
      expect(after.slice(0, 2)).toEqual(before)
      expect(after).toHaveLength(3)
      expect(after[2]).toContain('Instead')
    })
  })

  describe('the audit', () => {
    it('is copied, also over a border that Redis has trimmed', async () => {
      await ended()
      expect(await copyAudit(store, archive, feed)).toBe(6)
      const first = await readAudit(store, feed, 0, 100)
      await trimAudit(store, feed, 6, FAR)
      await ended()
      await copyAudit(store, archive, feed)
      const all = [...first, ...(await readAudit(store, feed, 6, 100))]
      expect(await archive.readAudit(feed, 0, 100)).toEqual(all)
      expect(await archive.readAuditHead(feed)).toEqual(await readAuditHead(store, feed))
    })

    it.each([0, 1, 2, 5])(
      'sets the entries aside that Redis has lost, when %i new ones followed',
      async (acts) => {
        for (let n = 0; n < 3; n++) await released()
        const setBack = await copyFeed(store)
        for (let n = 0; n < 4; n++) await released('Lost')
        await copyAudit(store, archive, feed)
        await setBack()
        for (let n = 0; n < acts; n++) await released('Instead')
        await copyAudit(store, archive, feed)
        expect(await archive.readAudit(feed, 0, 100)).toEqual(await readAudit(store, feed, 0, 100))
        expect(await archive.readAuditHead(feed)).toEqual(await readAuditHead(store, feed))
      },
    )

    it('is not copied to an archive that lacks what Redis has trimmed, or has another one', async () => {
      await ended()
      await trimAudit(store, feed, 3, FAR)
      await expect(copyAudit(store, archive, feed)).rejects.toMatchObject({ fault: 'damaged' })
      const strange = [1, 2, 3].map((n) => ({
        n,
        chain: 'x',
        json: JSON.stringify({ n, at: new Date(n), act: {} }),
      }))
      await archive.write({ audit: { scope: feed, entries: strange } })
      await expect(copyAudit(store, archive, feed)).rejects.toMatchObject({ fault: 'damaged' })
      expect(await archive.readAuditHead(feed)).toEqual({ n: 3, chain: 'x' })
    })
  })

  it('an archive that is lost is replaced by another one, and the rest of the audit is whole', async () => {
    await claimArchive(store, feed, 'lost')
    const id = await ended()
    const text = await ended()
    await trimAudit(store, feed, 8, FAR)
    const [line] = await readEndedLines(store, feed, [text])
    await removeLine(store, feed, line!)
    await expect(copyAudit(store, archive, feed)).rejects.toMatchObject({ fault: 'damaged' })
    expect(await adoptArchive(store, feed, archive.identity, 'ops')).toBe(8)
    expect(await adoptArchive(store, feed, archive.identity, 'ops')).toBe('same')
    const head = await readAuditHead(store, feed)
    expect(await copyAudit(store, archive, feed)).toBe(head.n)
    expect(await walkAudit(store, feed, [], archive)).toMatchObject({ fault: undefined, gone: 8 })
    await trimAudit(store, feed, 10, FAR)
    await ended()
    await copyAudit(store, archive, feed)
    expect(await walkAudit(store, feed, [], archive)).toMatchObject({ fault: undefined, gone: 8 })
    const sources = { store, archive: () => archive }
    const { entries } = await readAuditPage(sources, feed, 0, 5)
    expect(entries.map(({ n }) => n)).toEqual([9, 10, 11, 12, 13])
    expect((await readAuditPage(sources, feed, 0, 2)).entries.map(({ n }) => n)).toEqual([9, 10])
    await moveLines(store, archive, feed, FAR, 100)
    expect(await archive.readLines(feed, [id])).toMatchObject([{ id }])
  })

  describe('an ended headline', () => {
    it('is in the archive, whole, when it has left Redis; others stay', async () => {
      const [id, shown] = [await ended(), await released()]
      const [line] = await readEndedLines(store, feed, [id])
      expect(await moveLines(store, archive, feed, line!.endedAt, 100)).toBe(0)
      expect(await moveLines(store, archive, feed, FAR, 100)).toBe(1)
      expect(await archive.readLines(feed, [id, shown])).toEqual([{ feed, ...line }, undefined])
      expect(await readHeadline(store, feed, id)).toBeUndefined()
      expect(await readHeadline(store, feed, shown)).toBeDefined()
    })

    it('moves once, whichever workers move at the same time, all of many', async () => {
      const ids = await Promise.all(Array.from({ length: 130 }, () => ended()))
      const moved = await Promise.all([1, 2, 3].map(() => moveLines(store, archive, feed, FAR, 1_000)))
      // A worker passes over headlines that another one takes away below it; the next round finds those.
      moved.push(await moveLines(store, archive, feed, FAR, 1_000))
      expect(moved.reduce((sum, each) => sum + each)).toBe(130)
      expect((await archive.readLines(feed, ids)).every((line) => line?.status === 'withdrawn')).toBe(true)
      expect(await store.redis.hlen(store.keys.feed(feed).states)).toBe(0)
      expect(await store.redis.hlen(store.keys.feed(feed).versions)).toBe(0)
    })

    it('moves with others only as far as a round goes, the oldest first', async () => {
      const ids: string[] = []
      for (let n = 0; n < 5; n++) ids.push(await ended())
      expect(await moveLines(store, archive, feed, FAR, 3)).toBe(3)
      const left = await Promise.all(ids.map((id) => readHeadline(store, feed, id)))
      expect(left.map((line) => line !== undefined)).toEqual([false, false, false, true, true])
    })

    it('stays in Redis where the archive has a later version of it: Redis was set back', async () => {
      const id = await released()
      await save(store, withdraw(id))
      await release()
      const setBack = await copyFeed(store)
      const attend = {
        ...withdraw(id),
        action: 'attended',
        allowed: ['withdrawn'],
        due: { kind: 'none' },
      } as const
      await save(store, attend)
      await moveLines(store, archive, feed, FAR, 100)
      await setBack()
      expect(await moveLines(store, archive, feed, FAR, 100)).toBe(0)
      expect((await archive.readLines(feed, [id]))[0]?.version).toBe(3)
      expect((await readHeadline(store, feed, id))?.version).toBe(2)
    })

    it('comes back, takes acts, and moves again with all of its life and its receipts', async () => {
      const id = await ended()
      const position = (await readHeadline(store, feed, id))!.versions[0]!.position!
      await store.redis.hset(store.keys.feed(feed).receipt(position), 'g1', '{"readers":3}')
      await moveLines(store, archive, feed, FAR, 100)
      const [line] = await archive.readLines(feed, [id])
      expect(await returnLine(store, feed, line!)).toBe('returned')
      const refile = {
        ...correct(id, 3, 'Four on the bridge'),
        status: 'due',
        allowed: ['withdrawn'],
      } as const
      const outcome = await save(store, { ...refile, due: { kind: 'add', op: 'publish' } })
      expect(outcome).toMatchObject({ kind: 'saved', version: 4 })
      await release()
      expect(await readHeadline(store, feed, id)).toMatchObject({ status: 'live', version: 4 })
      await save(store, withdraw(id))
      await release()
      await moveLines(store, archive, feed, FAR, 100)
      const [again] = await archive.readLines(feed, [id])
      expect(again).toMatchObject({ version: 5, status: 'withdrawn' })
      expect(again!.stored.receipts).toEqual({ [position]: { g1: '{"readers":3}' } })
    })
  })

  describe('the audit, while another process works on it', () => {
    /** The archive, with work of another process around the reading of its newest entry, once. */
    function meanwhile(when: 'before' | 'after', work: () => Promise<unknown>): Archive {
      let isDone = false
      return new Proxy(archive, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name)
          if (name !== 'readAuditHead' || isDone)
            return typeof value === 'function' ? (value.bind(target) as unknown) : value
          isDone = true
          return async (scope: string) => {
            if (when === 'before') await work()
            const head = await target.readAuditHead(scope)
            if (when === 'after') await work()
            return head
          }
        },
      })
    }

    it('keeps what the other has copied meanwhile', async () => {
      await ended()
      await copyAudit(store, archive, feed)
      const other = async () => {
        await ended()
        await copyAudit(store, archive, feed)
      }

      await copyAudit(store, meanwhile('before', other), feed)

      expect(await archive.readAuditHead(feed)).toEqual(await readAuditHead(store, feed))
    })

    it('keeps what the other has trimmed meanwhile', async () => {
      await ended()
      const copied = await copyAudit(store, archive, feed)
      const trim = () => trimAudit(store, feed, copied, FAR)

      expect(await copyAudit(store, meanwhile('after', trim), feed)).toBe(copied)

      expect(await archive.readAuditHead(feed)).toEqual(await readAuditHead(store, feed))
      expect(await archive.readAudit(feed, 0, 100)).toHaveLength(copied)
    })
  })

  describe('a worker', () => {
    function start(open = () => database.open(), afterMs = -DAY_MS) {
      const states: ArchiveState[] = []
      const connection = new ArchiveConnection({ open, onChange: (state) => states.push(state) })
      const logger = createLogger('silent', 'worker')
      const deps = { store, archive: connection, metrics: createMetrics(), logger, resumeEvents: 2, afterMs }
      return { connection, states, round: archiver(deps) }
    }

    it('empties Redis of what has ended, but for the newest events', async () => {
      for (let n = 0; n < 3; n++) await ended()
      const events = await frames()
      const { round, connection } = start()
      await round()
      expect(connection.state).toBe('ready')
      expect(await archived()).toEqual(events)
      expect(await frames()).toEqual(events.slice(-2))
      expect(await readAudit(store, feed, 0, 100)).toEqual([])
      expect(await store.redis.hlen(store.keys.feed(feed).states)).toBe(0)
      expect(await store.redis.exists(store.keys.feed(feed).archiving)).toBe(0)
      await connection.close()
    })

    it('is a witness: what an older copy of Redis shows again is taken away, and a new epoch begins', async () => {
      const [wrong, right] = [await released('Wrong'), await released('Right')]
      const setBack = await copyFeed(store)
      const lost = newId()
      await save(store, publish(lost, 'Lost'))
      await save(store, withdraw(wrong))
      await release()
      const { round, connection } = start(undefined, DAY_MS)
      await round()
      const before = (await loadFeed(store, feed, 0))!.head
      await setBack()
      await save(store, publish(newId(), 'Instead'))
      await release()
      await round()
      await round()
      expect((await loadFeed(store, feed, 0))!.head.epoch).not.toBe(before.epoch)
      expect(await readHeadline(store, feed, wrong)).toMatchObject({
        status: 'held',
        attention: { lost: 'archive' },
      })
      expect(await readHeadline(store, feed, lost)).toMatchObject({
        status: 'draft',
        content: { text: 'Lost' },
      })
      expect(await readHeadline(store, feed, right)).toMatchObject({ status: 'live' })
      const texts = (await archived()).map((frame) => (JSON.parse(frame!) as EventFrame).headline)
      expect(texts.map((headline) => 'text' in headline && headline.text)).toEqual(
        expect.arrayContaining(['Lost', 'Instead']),
      )
      await connection.close()
    })

    it('moves nothing before its time', async () => {
      await ended()
      const { round, connection } = start(undefined, DAY_MS)
      await round()
      expect(await archived()).toHaveLength(3)
      expect(await readAudit(store, feed, 0, 100)).toHaveLength(6)
      expect(await store.redis.hlen(store.keys.feed(feed).states)).toBe(1)
      await connection.close()
    })

    it('leaves a feed to the worker whose turn it is', async () => {
      await ended()
      await store.redis.set(store.keys.feed(feed).archiving, 'another')
      const { round, connection } = start()
      await round()
      expect(await archived()).toEqual([])
      await connection.close()
    })

    it('moves nothing to another archive than the one that has the moved headlines', async () => {
      await ended()
      await claimArchive(store, feed, 'another identity')
      const { round, connection, states } = start()
      await round()
      expect(states.at(-1)).toBe('other')
      expect(await archived()).toEqual([])
      await expect(connection.use('en', (open) => open.readAuditHead('en'))).rejects.toThrow(
        'another archive',
      )
      await connection.close()
    })

    it('names a fault of one feed until this feed succeeds, whatever another one and a reading show', async () => {
      await createTestFeed(store, { id: 'quiet' })
      await ended()
      let isFull = true
      const open = async () =>
        new Proxy(archive, {
          get(target, name) {
            if (name === 'write' && isFull)
              return () => Promise.reject(new ArchiveError('full', 'no space is left'))
            const value: unknown = Reflect.get(target, name)
            return typeof value === 'function' ? (value.bind(target) as unknown) : value
          },
        })
      const { round, connection, states } = start(open)
      await round()
      await connection.look(store)
      await round()
      expect(states).toEqual(['ready', 'full'])

      isFull = false
      await round()
      expect(states).toEqual(['ready', 'full', 'ready'])
      expect(await archived()).toHaveLength(3)
    })

    it('lets no reader wait for an archive that did not answer at the last look', async () => {
      let isSilent = false
      const open = async () =>
        new Proxy(archive, {
          get(target, name) {
            if (name === 'check' && isSilent)
              return () => Promise.reject(new ArchiveError('away', 'no answer'))
            const value: unknown = Reflect.get(target, name)
            return typeof value === 'function' ? (value.bind(target) as unknown) : value
          },
        })
      const { connection } = start(open)
      await connection.look(store)
      expect(connection.reading()).toBeDefined()
      isSilent = true
      await connection.look(store)
      expect(() => connection.reading()).toThrow('no answer')
      isSilent = false
      await connection.look(store)
      expect(connection.reading()).toBeDefined()
    })

    it('names that no archive is set where one has moved headlines', async () => {
      const off = new ArchiveConnection({ open: undefined, onChange: () => undefined })
      await off.look(store)
      expect([off.state, off.reading()]).toEqual(['off', undefined])

      await claimArchive(store, feed, 'an archive')
      await off.look(store)
      expect(off.fault).toMatchObject({ state: 'other' })
      expect(() => off.reading()).toThrow(ArchiveError)
    })

    it('finds all lost events of a feed, however many other feeds have between them', async () => {
      const other = Array.from({ length: 6_000 }, (_, n) => eventOfLine(n + 1, 'other'))
      await released('Kept')
      await copyEvents(store, archive, feed)
      const setBack = await copyFeed(store)
      await released('First lost')
      await copyEvents(store, archive, feed)
      await archive.write({ events: { feed: 'other', events: other } })
      await released('Last lost')
      await copyEvents(store, archive, feed)
      await setBack()

      const lost = await findLostEvents(store, archive, feed)
      expect(lost.map(({ position }) => position.split(':')[1])).toEqual(['2', '3'])
    })

    it('names an archive that cannot be opened for any reason', async () => {
      const open = () => Promise.reject(new TypeError('Invalid URL'))
      const { round, connection } = start(open)
      await round()
      expect(connection.fault).toMatchObject({ state: 'away' })
    })

    it('goes on by itself when the archive is there again', async () => {
      await ended()
      let isAway = true
      const open = () => (isAway ? Promise.reject(new Error('no such host')) : database.open())
      const { round, connection } = start(open)
      await round()
      expect(await frames()).toHaveLength(3)
      isAway = false
      await round()
      expect(connection.state).toBe('ready')
      expect(await archived()).toHaveLength(3)
      await connection.close()
    })
  })
}
