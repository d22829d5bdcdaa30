import { describe, expect, it } from '@jest/globals'
import { ArchiveConnection, type ArchiveState } from '../../../src/archive/archive-connection.ts'
import { ArchiveError } from '../../../src/archive/archive.ts'
import { copyEvents } from '../../../src/archive/move/copy-events.ts'
import { findLostEvents } from '../../../src/archive/move/find-lost-events.ts'
import { readAudit } from '../../../src/eventlog/audit/read-audit.ts'
import { claimArchive } from '../../../src/eventlog/ended/claim-archive.ts'
import { readHeadline } from '../../../src/eventlog/read-headline.ts'
import { loadFeed } from '../../../src/eventlog/read-log.ts'
import type { EventFrame } from '../../../src/protocol/frames.ts'
import { createLogger } from '../../../src/platform/logger.ts'
import { createMetrics } from '../../../src/platform/metrics.ts'
import { archiver } from '../../../workers/archiver.ts'
import { newId, publish, save, withdraw } from '../changes.ts'
import { createTestFeed } from '../redis.ts'
import { copyFeed } from '../rewind.ts'
import { eventOfLine } from './lines.ts'
import type { TestDatabase } from './contract.ts'
import { feed, WithArchive } from './with-archive.ts'

const DAY_MS = 86_400_000

/** The tests of the worker's rounds and of the connection to an archive. */
export function testArchiver(create: () => Promise<TestDatabase>): void {
  const at = new WithArchive(create)

  describe('a worker', () => {
    function start(open = () => at.database.open(), afterMs = -DAY_MS) {
      const states: ArchiveState[] = []
      const connection = new ArchiveConnection({ open, onChange: (state) => states.push(state) })
      const logger = createLogger('silent', 'worker')
      const deps = {
        store: at.store,
        archive: connection,
        metrics: createMetrics(),
        logger,
        resumeEvents: 2,
        afterMs,
      }
      return { connection, states, round: archiver(deps) }
    }

    it('empties Redis of what has ended, but for the newest events', async () => {
      for (let n = 0; n < 3; n++) await at.ended()
      const events = await at.frames()
      const { round, connection } = start()
      await round()
      expect(connection.state).toBe('ready')
      expect(await at.archived()).toEqual(events)
      expect(await at.frames()).toEqual(events.slice(-2))
      expect(await readAudit(at.store, feed, 0, 100)).toEqual([])
      expect(await at.store.redis.hlen(at.store.keys.feed(feed).states)).toBe(0)
      expect(await at.store.redis.exists(at.store.keys.feed(feed).archiving)).toBe(0)
      await connection.close()
    })

    it('is a witness: what an older copy of Redis shows again is taken away, and a new epoch begins', async () => {
      const [wrong, right] = [await at.released('Wrong'), await at.released('Right')]
      const setBack = await copyFeed(at.store)
      const lost = newId()
      await save(at.store, publish(lost, 'Lost'))
      await save(at.store, withdraw(wrong))
      await at.release()
      const { round, connection } = start(undefined, DAY_MS)
      await round()
      const before = (await loadFeed(at.store, feed, 0))!.head
      await setBack()
      await save(at.store, publish(newId(), 'Instead'))
      await at.release()
      await round()
      await round()
      expect((await loadFeed(at.store, feed, 0))!.head.epoch).not.toBe(before.epoch)
      expect(await readHeadline(at.store, feed, wrong)).toMatchObject({
        status: 'held',
        attention: { lost: 'archive' },
      })
      expect(await readHeadline(at.store, feed, lost)).toMatchObject({
        status: 'draft',
        content: { text: 'Lost' },
      })
      expect(await readHeadline(at.store, feed, right)).toMatchObject({ status: 'live' })
      const texts = (await at.archived()).map((frame) => (JSON.parse(frame!) as EventFrame).headline)
      expect(texts.map((headline) => 'text' in headline && headline.text)).toEqual(
        expect.arrayContaining(['Lost', 'Instead']),
      )
      await connection.close()
    })

    it('moves nothing before its time', async () => {
      await at.ended()
      const { round, connection } = start(undefined, DAY_MS)
      await round()
      expect(await at.archived()).toHaveLength(3)
      expect(await readAudit(at.store, feed, 0, 100)).toHaveLength(6)
      expect(await at.store.redis.hlen(at.store.keys.feed(feed).states)).toBe(1)
      await connection.close()
    })

    it('leaves a feed to the worker whose turn it is', async () => {
      await at.ended()
      await at.store.redis.set(at.store.keys.feed(feed).archiving, 'another')
      const { round, connection } = start()
      await round()
      expect(await at.archived()).toEqual([])
      await connection.close()
    })

    it('moves nothing to another archive than the one that has the moved headlines', async () => {
      await at.ended()
      await claimArchive(at.store, feed, 'another identity')
      const { round, connection, states } = start()
      await round()
      expect(states.at(-1)).toBe('other')
      expect(await at.archived()).toEqual([])
      await expect(connection.use('en', (open) => open.readAuditHead('en'))).rejects.toThrow(
        'another archive',
      )
      await connection.close()
    })

    it('names a fault of one feed until this feed succeeds, whatever another one and a reading show', async () => {
      await createTestFeed(at.store, { id: 'quiet' })
      await at.ended()
      let isFull = true
      const open = async () =>
        new Proxy(at.archive, {
          get(target, name) {
            if (name === 'write' && isFull)
              return () => Promise.reject(new ArchiveError('full', 'no space is left'))
            const value: unknown = Reflect.get(target, name)
            return typeof value === 'function' ? (value.bind(target) as unknown) : value
          },
        })
      const { round, connection, states } = start(open)
      await round()
      await connection.look(at.store)
      await round()
      expect(states).toEqual(['ready', 'full'])

      isFull = false
      await round()
      expect(states).toEqual(['ready', 'full', 'ready'])
      expect(await at.archived()).toHaveLength(3)
    })

    it('lets no reader wait for an archive that did not answer at the last look', async () => {
      let isSilent = false
      const open = async () =>
        new Proxy(at.archive, {
          get(target, name) {
            if (name === 'check' && isSilent)
              return () => Promise.reject(new ArchiveError('away', 'no answer'))
            const value: unknown = Reflect.get(target, name)
            return typeof value === 'function' ? (value.bind(target) as unknown) : value
          },
        })
      const { connection } = start(open)
      await connection.look(at.store)
      expect(connection.reading()).toBeDefined()
      isSilent = true
      await connection.look(at.store)
      expect(() => connection.reading()).toThrow('no answer')
      isSilent = false
      await connection.look(at.store)
      expect(connection.reading()).toBeDefined()
    })

    it('names that no archive is set where one has moved headlines', async () => {
      const off = new ArchiveConnection({ open: undefined, onChange: () => undefined })
      await off.look(at.store)
      expect([off.state, off.reading()]).toEqual(['off', undefined])

      await claimArchive(at.store, feed, 'an archive')
      await off.look(at.store)
      expect(off.fault).toMatchObject({ state: 'other' })
      expect(() => off.reading()).toThrow(ArchiveError)
    })

    it('finds all lost events of a feed, however many other feeds have between them', async () => {
      const other = Array.from({ length: 6_000 }, (_, n) => eventOfLine(n + 1, 'other'))
      await at.released('Kept')
      await copyEvents(at.store, at.archive, feed)
      const setBack = await copyFeed(at.store)
      await at.released('First lost')
      await copyEvents(at.store, at.archive, feed)
      await at.archive.write({ events: { feed: 'other', events: other } })
      await at.released('Last lost')
      await copyEvents(at.store, at.archive, feed)
      await setBack()

      const lost = await findLostEvents(at.store, at.archive, feed)
      expect(lost.map(({ position }) => position.split(':')[1])).toEqual(['2', '3'])
    })

    it('names an archive that cannot be opened for any reason', async () => {
      const open = () => Promise.reject(new TypeError('Invalid URL'))
      const { round, connection } = start(open)
      await round()
      expect(connection.fault).toMatchObject({ state: 'away' })
    })

    it('goes on by itself when the archive is there again', async () => {
      await at.ended()
      let isAway = true
      const open = () => (isAway ? Promise.reject(new Error('no such host')) : at.database.open())
      const { round, connection } = start(open)
      await round()
      expect(await at.frames()).toHaveLength(3)
      isAway = false
      await round()
      expect(connection.state).toBe('ready')
      expect(await at.archived()).toHaveLength(3)
      await connection.close()
    })
  })
}
