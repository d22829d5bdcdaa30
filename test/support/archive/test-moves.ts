import { describe, expect, it } from '@jest/globals'
import { moveLines, moveRound } from '../../../src/archive/move/move-lines.ts'
import { readEndedLines } from '../../../src/eventlog/ended/read-ended-lines.ts'
import { returnLine } from '../../../src/eventlog/ended/return-line.ts'
import { readHeadline } from '../../../src/eventlog/read-headline.ts'
import { correct, save, withdraw } from '../changes.ts'
import { copyFeed } from '../rewind.ts'
import type { TestDatabase } from './contract.ts'
import { FAR, feed, WithArchive } from './with-archive.ts'

/** The tests of headlines that move to an archive and come back. */
export function testMoves(create: () => Promise<TestDatabase>): void {
  const at = new WithArchive(create)

  describe('an ended headline', () => {
    it('is in the archive, whole, when it has left Redis; others stay', async () => {
      const [id, shown] = [await at.ended(), await at.released()]
      const [line] = await readEndedLines(at.store, feed, [id])
      expect(await moveLines(at.store, at.archive, feed, line!.endedAt, 100)).toBe(0)
      expect(await moveLines(at.store, at.archive, feed, FAR, 100)).toBe(1)
      expect(await at.archive.readLines(feed, [id, shown])).toEqual([{ feed, ...line }, undefined])
      expect(await readHeadline(at.store, feed, id)).toBeUndefined()
      expect(await readHeadline(at.store, feed, shown)).toBeDefined()
    })

    it('moves once, whichever workers move at the same time, all of many', async () => {
      const ids = await Promise.all(Array.from({ length: 130 }, () => at.ended()))
      const moved = await Promise.all([1, 2, 3].map(() => moveLines(at.store, at.archive, feed, FAR, 1_000)))
      // A worker passes over headlines that another one takes away below it; the next round finds those.
      moved.push(await moveLines(at.store, at.archive, feed, FAR, 1_000))
      expect(moved.reduce((sum, each) => sum + each)).toBe(130)
      expect((await at.archive.readLines(feed, ids)).every((line) => line?.status === 'withdrawn')).toBe(true)
      expect(await at.store.redis.hlen(at.store.keys.feed(feed).states)).toBe(0)
      expect(await at.store.redis.hlen(at.store.keys.feed(feed).versions)).toBe(0)
    })

    it('moves with others only as far as a round goes, the oldest first', async () => {
      const ids: string[] = []
      for (let n = 0; n < 5; n++) ids.push(await at.ended())
      expect(await moveLines(at.store, at.archive, feed, FAR, 3)).toBe(3)
      const left = await Promise.all(ids.map((id) => readHeadline(at.store, feed, id)))
      expect(left.map((line) => line !== undefined)).toEqual([false, false, false, true, true])
    })

    it('moves with few others in a round, and with many where a backlog waits', async () => {
      await Promise.all(Array.from({ length: 110 }, () => at.ended()))
      expect(await moveRound(at.store, at.archive, feed, FAR, 110)).toBe(100)
      await Promise.all(Array.from({ length: 110 }, () => at.ended()))
      expect(await moveRound(at.store, at.archive, feed, FAR, 110)).toBe(120)
      expect(await moveRound(at.store, at.archive, feed, FAR, 110)).toBe(0)
    })

    it('stays in Redis where the archive has a later version of it: Redis was set back', async () => {
      const id = await at.released()
      await save(at.store, withdraw(id))
      await at.release()
      const setBack = await copyFeed(at.store)
      const attend = {
        ...withdraw(id),
        action: 'attended',
        allowed: ['withdrawn'],
        due: { kind: 'none' },
      } as const
      await save(at.store, attend)
      await moveLines(at.store, at.archive, feed, FAR, 100)
      await setBack()
      expect(await moveLines(at.store, at.archive, feed, FAR, 100)).toBe(0)
      expect((await at.archive.readLines(feed, [id]))[0]?.version).toBe(3)
      expect((await readHeadline(at.store, feed, id))?.version).toBe(2)
    })

    it('comes back, takes acts, and moves again with all of its life and its receipts', async () => {
      const id = await at.ended()
      const position = (await readHeadline(at.store, feed, id))!.versions[0]!.position!
      await at.store.redis.hset(at.store.keys.feed(feed).receipt(position), 'g1', '{"readers":3}')
      await moveLines(at.store, at.archive, feed, FAR, 100)
      const [line] = await at.archive.readLines(feed, [id])
      expect(await returnLine(at.store, feed, line!)).toBe('returned')
      const refile = {
        ...correct(id, 3, 'Four on the bridge'),
        status: 'due',
        allowed: ['withdrawn'],
      } as const
      const outcome = await save(at.store, { ...refile, due: { kind: 'add', op: 'publish' } })
      expect(outcome).toMatchObject({ kind: 'saved', version: 4 })
      await at.release()
      expect(await readHeadline(at.store, feed, id)).toMatchObject({ status: 'live', version: 4 })
      await save(at.store, withdraw(id))
      await at.release()
      await moveLines(at.store, at.archive, feed, FAR, 100)
      const [again] = await at.archive.readLines(feed, [id])
      expect(again).toMatchObject({ version: 5, status: 'withdrawn' })
      expect(again!.stored.receipts).toEqual({ [position]: { g1: '{"readers":3}' } })
    })
  })
}
