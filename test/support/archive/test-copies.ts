import { describe, expect, it } from '@jest/globals'
import { type Archive } from '../../../src/archive/archive.ts'
import { copyAudit } from '../../../src/archive/move/copy-audit.ts'
import { copyEvents } from '../../../src/archive/move/copy-events.ts'
import { moveLines } from '../../../src/archive/move/move-lines.ts'
import { walkAudit } from '../../../src/eventlog/audit/walk-audit.ts'
import { readAuditPage } from '../../../src/archive/reading/read-audit-page.ts'
import { readAudit, readAuditHead } from '../../../src/eventlog/audit/read-audit.ts'
import { adoptArchive, claimArchive } from '../../../src/eventlog/ended/claim-archive.ts'
import { readEndedLines } from '../../../src/eventlog/ended/read-ended-lines.ts'
import { removeLines } from '../../../src/eventlog/ended/remove-lines.ts'
import { trimAudit } from '../../../src/eventlog/ended/trim.ts'
import { loadFeed } from '../../../src/eventlog/read-log.ts'
import { newId, publish, save } from '../changes.ts'
import { copyFeed } from '../rewind.ts'
import type { TestDatabase } from './contract.ts'
import { FAR, feed, WithArchive } from './with-archive.ts'

/** The tests of the copies of log and audit in an archive. */
export function testCopies(create: () => Promise<TestDatabase>): void {
  const at = new WithArchive(create)

  describe('the log', () => {
    it('is copied from its beginning, once, by any number of workers, and goes on where it ended', async () => {
      for (let n = 0; n < 3; n++) await at.ended()
      await Promise.all([1, 2, 3].map(() => copyEvents(at.store, at.archive, feed)))
      expect(await at.archived()).toEqual(await at.frames())
      await at.ended()
      expect(await copyEvents(at.store, at.archive, feed)).toBe(12)
      expect(await at.archived()).toEqual(await at.frames())
      expect(await at.store.redis.hget(at.store.keys.feed(feed).head, 'copied')).toBe('12')
    })

    it('is copied in pieces, with a strip from time to time that is the strip of its moment', async () => {
      for (let n = 0; n < 650; n++) await save(at.store, publish(newId(), `Line ${n}`))
      await at.release()
      while ((await loadFeed(at.store, feed, 0))!.head.seq < 700) await at.release()
      await copyEvents(at.store, at.archive, feed)
      const newest = (await at.archive.readNewestEvent(feed))!
      const strip = await at.archive.readStoredStrip(feed, newest.number)
      expect(strip!.number).toBe(newest.number)
      const places = strip!.lines.map((line) => (JSON.parse(line) as { place: number }).place)
      expect(places).toHaveLength(await at.store.redis.zcard(at.store.keys.feed(feed).places))
      expect(places).toEqual([...places].sort((a, b) => b - a))
      await at.ended()
      await copyEvents(at.store, at.archive, feed)
      const later = (await at.archive.readNewestEvent(feed))!
      expect((await at.archive.readStoredStrip(feed, later.number))!.number).toBe(newest.number)
    })

    it('keeps the events that Redis has lost, and goes on with the new epoch', async () => {
      await at.released()
      const setBack = await copyFeed(at.store)
      await at.released('Lost')
      await copyEvents(at.store, at.archive, feed)
      const before = await at.archived()
      await setBack()
      await at.store.redis.hset(at.store.keys.feed(feed).head, 'epoch', 'other')
      await at.released('Instead')
      await copyEvents(at.store, at.archive, feed)
      const after = await at.archived()
      expect(after.slice(0, 2)).toEqual(before)
      expect(after).toHaveLength(3)
      expect(after[2]).toContain('Instead')
    })
  })

  describe('the audit', () => {
    it('is copied, also over a border that Redis has trimmed', async () => {
      await at.ended()
      expect(await copyAudit(at.store, at.archive, feed)).toBe(6)
      const first = await readAudit(at.store, feed, 0, 100)
      await trimAudit(at.store, feed, 6, FAR)
      await at.ended()
      await copyAudit(at.store, at.archive, feed)
      const all = [...first, ...(await readAudit(at.store, feed, 6, 100))]
      expect(await at.archive.readAudit(feed, 0, 100)).toEqual(all)
      expect(await at.archive.readAuditHead(feed)).toEqual(await readAuditHead(at.store, feed))
    })

    it.each([0, 1, 2, 5])(
      'sets the entries aside that Redis has lost, when %i new ones followed',
      async (acts) => {
        for (let n = 0; n < 3; n++) await at.released()
        const setBack = await copyFeed(at.store)
        for (let n = 0; n < 4; n++) await at.released('Lost')
        await copyAudit(at.store, at.archive, feed)
        await setBack()
        for (let n = 0; n < acts; n++) await at.released('Instead')
        await copyAudit(at.store, at.archive, feed)
        expect(await at.archive.readAudit(feed, 0, 100)).toEqual(await readAudit(at.store, feed, 0, 100))
        expect(await at.archive.readAuditHead(feed)).toEqual(await readAuditHead(at.store, feed))
      },
    )

    it('is not copied to an archive that lacks what Redis has trimmed, or has another one', async () => {
      await at.ended()
      await trimAudit(at.store, feed, 3, FAR)
      await expect(copyAudit(at.store, at.archive, feed)).rejects.toMatchObject({ fault: 'damaged' })
      const strange = [1, 2, 3].map((n) => ({
        n,
        chain: 'x',
        json: JSON.stringify({ n, at: new Date(n), act: {} }),
      }))
      await at.archive.write({ audit: { scope: feed, entries: strange } })
      await expect(copyAudit(at.store, at.archive, feed)).rejects.toMatchObject({ fault: 'damaged' })
      expect(await at.archive.readAuditHead(feed)).toEqual({ n: 3, chain: 'x' })
    })
  })

  it('an archive that is lost is replaced by another one, and the rest of the audit is whole', async () => {
    await claimArchive(at.store, feed, 'lost')
    const id = await at.ended()
    const text = await at.ended()
    await trimAudit(at.store, feed, 8, FAR)
    const [line] = await readEndedLines(at.store, feed, [text])
    await removeLines(at.store, feed, [line!])
    await expect(copyAudit(at.store, at.archive, feed)).rejects.toMatchObject({ fault: 'damaged' })
    expect(await adoptArchive(at.store, feed, at.archive.identity, 'ops')).toBe(8)
    expect(await adoptArchive(at.store, feed, at.archive.identity, 'ops')).toBe('same')
    const head = await readAuditHead(at.store, feed)
    expect(await copyAudit(at.store, at.archive, feed)).toBe(head.n)
    expect(await walkAudit(at.store, feed, [], at.archive)).toMatchObject({ fault: undefined, gone: 8 })
    await trimAudit(at.store, feed, 10, FAR)
    await at.ended()
    await copyAudit(at.store, at.archive, feed)
    expect(await walkAudit(at.store, feed, [], at.archive)).toMatchObject({ fault: undefined, gone: 8 })
    const sources = { store: at.store, archive: () => at.archive }
    const { entries } = await readAuditPage(sources, feed, 0, 5)
    expect(entries.map(({ n }) => n)).toEqual([9, 10, 11, 12, 13])
    expect((await readAuditPage(sources, feed, 0, 2)).entries.map(({ n }) => n)).toEqual([9, 10])
    await moveLines(at.store, at.archive, feed, FAR, 100)
    expect(await at.archive.readLines(feed, [id])).toMatchObject([{ id }])
  })

  describe('the audit, while another process works on it', () => {
    /** The archive, with work of another process around the reading of its newest entry, once. */
    function meanwhile(when: 'before' | 'after', work: () => Promise<unknown>): Archive {
      let isDone = false
      return new Proxy(at.archive, {
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
      await at.ended()
      await copyAudit(at.store, at.archive, feed)
      const other = async () => {
        await at.ended()
        await copyAudit(at.store, at.archive, feed)
      }

      await copyAudit(at.store, meanwhile('before', other), feed)

      expect(await at.archive.readAuditHead(feed)).toEqual(await readAuditHead(at.store, feed))
    })

    it('keeps what the other has trimmed meanwhile', async () => {
      await at.ended()
      const copied = await copyAudit(at.store, at.archive, feed)
      const trim = () => trimAudit(at.store, feed, copied, FAR)

      expect(await copyAudit(at.store, meanwhile('after', trim), feed)).toBe(copied)

      expect(await at.archive.readAuditHead(feed)).toEqual(await readAuditHead(at.store, feed))
      expect(await at.archive.readAudit(feed, 0, 100)).toHaveLength(copied)
    })
  })
}
