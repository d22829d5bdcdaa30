import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Archive } from '../../../src/archive/archive.ts'
import { indexTerms } from '../../../src/desk/words.ts'
import type { HeadlineQuery } from '../../../src/eventlog/find-headlines.ts'
import { auditEntry, eventOfLine, everything, lineWith, NEW_YEAR } from './lines.ts'

/** A database that a test may open several times. */
export interface TestDatabase {
  open(): Promise<Archive>
  close(): Promise<void>
}

/** The tests of the port: each database must pass all of them. */
export function testArchive(create: () => Promise<TestDatabase>): void {
  let database: TestDatabase
  let archive: Archive
  beforeEach(async () => {
    database = await create()
    archive = await database.open()
  })
  afterEach(async () => {
    await archive.close()
    await database.close()
  })

  it('keeps its identity', async () => {
    const again = await database.open()

    expect(again.identity).toBe(archive.identity)
    expect(again.identity).toMatch(/^[0-9a-f-]{36}$/)
    await again.close()
  })

  it('is made once when eight open it at the same time', async () => {
    const other = await create()
    const opened = await Promise.all(Array.from({ length: 8 }, () => other.open()))

    expect(new Set(opened.map(({ identity }) => identity)).size).toBe(1)
    await Promise.all(opened.map((one, n) => one.write({ lines: [lineWith(`line ${n}`)] })))
    expect(await opened[0]!.countLines('en')).toBe(8)
    await Promise.all(opened.map((one) => one.close()))
    await other.close()
  })

  describe('lines', () => {
    it('gives a line back as it was written', async () => {
      const line = lineWith('حريق في الميناء', {
        story: 'harbour',
        section: 'world',
        authors: ['u_ann', 'u_Bob'],
      })
      const short = lineWith('fire “in” the \u0000 harbour')
      await archive.write({ lines: [line, short] })

      expect(await archive.readLines('en', [short.id, 'unknown', line.id])).toEqual([short, undefined, line])
      expect(await archive.readLines('es', [line.id])).toEqual([undefined])
      expect(await archive.countLines('en')).toBe(2)
      expect(await archive.countLines('es')).toBe(0)
    })

    it('replaces a line by the same or a later version, never by an earlier one', async () => {
      const line = lineWith('fire', { version: 2 })
      const later = { ...line, version: 3, words: ['flood'] }
      const same = { ...later, status: 'withdrawn' } as const
      for (const written of [line, later, line, same]) await archive.write({ lines: [written] })

      expect(await archive.readLines('en', [line.id])).toEqual([same])
      expect(await find({ words: ['fire'] })).toEqual([])
      expect(await find({ words: ['flood'] })).toEqual([line.id])
      expect(await archive.countLines('en')).toBe(1)
    })

    it('writes all of a batch or nothing', async () => {
      const line = lineWith('fire')
      const faulty = { n: 1, chain: 'c', json: 'no JSON' }

      const written = archive.write({ lines: [line], audit: { scope: 'en', entries: [faulty] } })

      await expect(written).rejects.toThrow()
      expect(await archive.readLines('en', [line.id])).toEqual([undefined])
      await archive.write({ lines: [line] })
      expect(await archive.countLines('en')).toBe(1)
    })

    it('writes nothing of an empty batch', async () => {
      await archive.write({})
      await archive.write({
        lines: [],
        audit: { scope: 'en', entries: [] },
        events: { feed: 'en', events: [] },
      })

      expect(await archive.countLines('en')).toBe(0)
    })
  })

  describe('search', () => {
    it('finds by words that only their scripts separate, in exact terms', async () => {
      const texts = ['إصابة في غزّة', 'Explosión en el Túnel', 'The U.S. bridge closed', 'ไฟไหม้กรุงเทพ', 'ὁδός']
      const lines = texts.map((text, n) => lineWith(text, { createdAt: NEW_YEAR + n }))
      await archive.write({ lines })

      for (const [n, words] of ['إصابه غزة', 'tunel explosion', 'us BRIDGE', 'กรุงเทพ', 'ὁδός'].entries())
        expect(await find({ words: indexTerms(words) })).toEqual([lines[n]!.id])
      expect(await find({ words: ['bridg'] })).toEqual([])
      expect(await find({ words: ['f:en'] })).toEqual([])
    })

    it('finds by status, author, story and time, newest first', async () => {
      const first = lineWith('fire', { story: 'harbour', authors: ['u_Ann'] })
      const second = lineWith('fire', {
        createdAt: NEW_YEAR + 5,
        status: 'withdrawn',
        authors: ['u_aNN', 'u_bob'],
      })
      await archive.write({ lines: [first, second, lineWith('fire', { feed: 'es' })] })

      expect(await find({})).toEqual([second.id, first.id])
      expect(await find({ statuses: ['withdrawn', 'discarded'] })).toEqual([second.id])
      expect(await find({ statuses: ['live'] })).toEqual([])
      expect(await find({ author: 'u_Ann' })).toEqual([first.id])
      expect(await find({ author: 'u_bob', words: ['fire'] })).toEqual([second.id])
      expect(await find({ story: 'harbour' })).toEqual([first.id])
      expect(await find({ since: NEW_YEAR + 1 })).toEqual([second.id])
      expect(await find({ until: NEW_YEAR + 4 })).toEqual([first.id])
      expect(await find({ since: NEW_YEAR, until: NEW_YEAR + 5 })).toEqual([second.id, first.id])
      expect(await find({ attention: true })).toEqual([])
    })

    it('gives each line once over pages when hundreds have the same creation time', async () => {
      const lines = Array.from({ length: 300 }, (_, n) => lineWith('fire', { createdAt: NEW_YEAR + (n % 2) }))
      await archive.write({ lines })
      const expected = lines
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
        .map(({ id }) => id)

      expect(await find({ words: ['fire'] }, 7)).toEqual(expected)
      expect(await find({}, 100)).toEqual(expected)
    })

    it('finds what is rare far below thousands of newer lines, also in a part of the time', async () => {
      const lines = Array.from({ length: 4_000 }, (_, n) =>
        lineWith(`${n % 7 === 0 ? 'fire' : 'calm'} ${n % 250 === 0 ? 'flood' : 'dry'}`, {
          createdAt: NEW_YEAR + n * 1_000,
          status: n % 20 === 0 ? 'withdrawn' : 'expired',
          ...(n % 8 === 7 && { feed: 'es' }),
        }),
      )
      for (let at = 0; at < lines.length; at += 1_000)
        await archive.write({ lines: lines.slice(at, at + 1_000) })
      const expected = ({ words = [], statuses = [], since = 0, until = Infinity }: Partial<HeadlineQuery>) =>
        lines
          .filter(
            (line) =>
              line.feed === 'en' &&
              words.every((word) => line.words.includes(word)) &&
              (statuses.length === 0 || statuses.includes(line.status)) &&
              line.createdAt >= since &&
              line.createdAt <= until,
          )
          .map(({ id }) => id)
          .reverse()

      const [since, until] = [NEW_YEAR + 200_000, NEW_YEAR + 1_200_000]
      const queries: Partial<HeadlineQuery>[] = [
        { words: ['flood'] },
        { words: ['fire'], statuses: ['withdrawn'] },
        { statuses: ['withdrawn'] },
        { words: ['fire', 'flood'] },
        { words: ['flood'], statuses: ['expired'] },
        { words: ['flood'], statuses: ['withdrawn', 'discarded'], since },
        { words: ['flood'], since, until },
        { words: ['flood'], until },
      ]
      for (const query of queries) {
        expect(expected(query).length).toBeGreaterThan(0)
        expect(await find(query, 3)).toEqual(expected(query))
        expect(await find(query, 1_000)).toEqual(expected(query))
      }
    })

    it('ignores a cursor that is newer than the time range', async () => {
      const line = lineWith('fire')
      await archive.write({ lines: [line] })

      const cursor = { id: 'x', ms: NEW_YEAR + 1_000 }
      const page = await archive.findLines('en', { ...everything, until: NEW_YEAR }, 10, cursor)

      expect(page).toEqual({ found: [{ id: line.id, ms: NEW_YEAR }], next: undefined })
    })
  })

  describe('audit', () => {
    it('gives entries after a number, and the newest', async () => {
      expect(await archive.readAuditHead('en')).toEqual({ n: 0, chain: '' })
      const entries = [1, 2, 3, 4].map((n) => auditEntry(n))
      await archive.write({ audit: { scope: 'en', entries } })
      await archive.write({ audit: { scope: 'desk', entries: entries.slice(0, 1) } })

      expect(await archive.readAudit('en', 1, 2)).toEqual(entries.slice(1, 3))
      expect(await archive.readAuditHead('en')).toEqual({ n: 4, chain: entries[3]!.chain })
      expect(await archive.readAudit('desk', 0, 10)).toEqual(entries.slice(0, 1))
    })

    it('leaves an entry as it is that is written again', async () => {
      await archive.write({ audit: { scope: 'en', entries: [auditEntry(1)] } })
      await archive.write({ audit: { scope: 'en', entries: [auditEntry(1, 'other'), auditEntry(2)] } })

      expect(await archive.readAudit('en', 0, 10)).toEqual([auditEntry(1), auditEntry(2)])
    })

    it('sets entries aside, so that others take their numbers', async () => {
      for (const address of ['a', 'b', 'c']) {
        await archive.write({ audit: { scope: 'en', entries: [1, 2, 3].map((n) => auditEntry(n, address)) } })
        await archive.setAuditAside('en', 1)
        expect(await archive.readAuditHead('en')).toEqual({ n: 1, chain: auditEntry(1, 'a').chain })
      }
      await archive.write({ audit: { scope: 'en', entries: [auditEntry(2)] } })

      expect(await archive.readAudit('en', 0, 10)).toEqual([auditEntry(1, 'a'), auditEntry(2)])
      expect(await archive.countAuditToErase('en', Infinity, 'entry')).toBe(8)
    })

    it('erases addresses and then entries up to a time, and the chain stays', async () => {
      const entries = [1, 2, 3].map((n) => auditEntry(n))
      await archive.write({ audit: { scope: 'en', entries } })
      const until = NEW_YEAR + 2_000

      expect(await archive.countAuditToErase('en', until, 'address')).toBe(2)
      expect(await archive.eraseAudit('en', until, 'address', 1)).toBe(1)
      expect(await archive.eraseAudit('en', until, 'address', 10)).toBe(1)
      expect(await archive.eraseAudit('en', until, 'address', 10)).toBe(0)
      const [first, , third] = await archive.readAudit('en', 0, 10)
      expect(first).toMatchObject({ n: 1, chain: entries[0]!.chain, erased: true })
      expect(JSON.parse(first!.json!)).toMatchObject({ n: 1, act: { name: 'Ann', reason: 'checked' } })
      expect(first!.json).not.toContain('192.0.2')
      expect(third).toEqual(entries[2])

      expect(await archive.countAuditToErase('en', until, 'entry')).toBe(2)
      expect(await archive.eraseAudit('en', until, 'entry', 10)).toBe(2)
      expect(await archive.countAuditToErase('en', until, 'entry')).toBe(0)
      const erased = { chain: entries[1]!.chain, n: 2, json: undefined, erased: true }
      expect(await archive.readAudit('en', 1, 1)).toEqual([erased])
      await archive.write({ audit: { scope: 'en', entries } })
      expect(await archive.readAudit('en', 1, 1)).toEqual([erased])
    })
  })

  describe('events', () => {
    const headlines = ['h1', 'h2', 'h1', 'h3']
    const events = headlines.map((headline, n) => eventOfLine(n + 1, headline))

    it('gives events in the order of release by number and time', async () => {
      expect(await archive.readNewestEvent('en')).toBeUndefined()
      await archive.write({ events: { feed: 'en', events: events.slice(0, 2) } })
      await archive.write({ events: { feed: 'es', events: events.slice(0, 1) } })
      await archive.write({ events: { feed: 'en', events } })

      const all = await archive.readEvents('en', {}, 10)
      expect(all.map(({ number: _, ...event }) => event)).toEqual(events)
      const numbers = all.map(({ number }) => number)
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      expect(await archive.readEvents('en', { after: numbers[0]! }, 2)).toEqual(all.slice(1, 3))
      const range = { from: events[1]!.at, to: events[2]!.at }
      expect(await archive.readEvents('en', range, 10)).toEqual(all.slice(1, 3))
      expect(await archive.readEvents('en', { ...range, after: numbers[1]! }, 10)).toEqual(all.slice(2, 3))
      expect(await archive.readNewestEvent('en')).toEqual(all[3])
      expect(await archive.readEventAt('en', events[2]!.at)).toEqual(all[2])
      expect(await archive.readEventAt('en', events[2]!.at - 1)).toEqual(all[1])
      expect(await archive.readEventAt('en', events[0]!.at - 1)).toBeUndefined()
      expect(await archive.hasEvent('en', events[3]!)).toBe(true)
      expect(await archive.hasEvent('es', events[3]!)).toBe(false)
      expect(await archive.hasEvent('en', { ...events[3]!, chain: 'other' })).toBe(false)
    })

    it('keeps the order of release when the clock was set back', async () => {
      const times = [5_000, 3_000, 4_000, 6_000].map((ms) => NEW_YEAR + ms)
      const written = times.map((at, n) => eventOfLine(n + 1, 'h', at))
      await archive.write({ events: { feed: 'en', events: written.slice(0, 1) } })
      await archive.write({ events: { feed: 'en', events: written } })

      const positions = async (range: object): Promise<string[]> =>
        (await archive.readEvents('en', range, 10)).map(({ position }) => position)
      expect(await positions({})).toEqual(['e1:1', 'e1:2', 'e1:3', 'e1:4'])
      expect(await positions({ from: NEW_YEAR + 5_000 })).toEqual(['e1:1', 'e1:2', 'e1:3', 'e1:4'])
      expect(await archive.readEventAt('en', NEW_YEAR + 5_500)).toMatchObject({
        position: 'e1:3',
        at: times[2],
      })
    })

    it('gives the newest stored strip up to a number', async () => {
      const strip = (text: string): string[] => [
        JSON.stringify({ id: 'h2', text }),
        JSON.stringify({ id: 'h1', text }),
      ]
      await archive.write({ strip: { feed: 'en', lines: [] } })
      await archive.write({
        events: { feed: 'en', events: events.slice(0, 2) },
        strip: { feed: 'en', lines: strip('a') },
      })
      await archive.write({ events: { feed: 'en', events }, strip: { feed: 'en', lines: strip('b') } })
      const numbers = (await archive.readEvents('en', {}, 10)).map(({ number }) => number)

      expect(await archive.readStoredStrip('en', numbers[0]!)).toEqual({ number: 0, lines: [] })
      expect(await archive.readStoredStrip('en', numbers[2]!)).toEqual({
        number: numbers[1],
        lines: strip('a'),
      })
      expect(await archive.readStoredStrip('en', numbers[3]!)).toEqual({
        number: numbers[3],
        lines: strip('b'),
      })
      expect(await archive.readStoredStrip('es', 100)).toBeUndefined()
    })
  })

  it('keeps a strip as that after the last event of its batch, also where later events are there', async () => {
    const events = [1, 2, 3].map((seq) => eventOfLine(seq, 'h1'))
    await archive.write({ events: { feed: 'en', events } })
    await archive.write({
      events: { feed: 'en', events: events.slice(0, 2) },
      strip: { feed: 'en', lines: [] },
    })

    const [first, second, third] = (await archive.readEvents('en', {}, 10)).map(({ number }) => number)
    expect(await archive.readStoredStrip('en', first!)).toBeUndefined()
    expect(await archive.readStoredStrip('en', third!)).toEqual({ number: second, lines: [] })
  })

  describe('erasing words', () => {
    const secret = 'Rosalind'

    it('takes the words of a line out of line, search, events and strips; acts and chains stay', async () => {
      const line = lineWith(`${secret} arrested`, { story: 'rosalind', section: 'world' })
      const other = lineWith('fire')
      const frame = (id: string): string => JSON.stringify({ headline: { id, text: secret } })
      const events = [line, other].map(({ id }, n) => ({ ...eventOfLine(n + 1, id), frame: frame(id) }))
      const lines = [line, other].map(({ id }) =>
        JSON.stringify({ id, version: 1, status: 'live', place: 1, text: secret }),
      )
      await archive.write({
        lines: [line, other],
        events: { feed: 'en', events },
        strip: { feed: 'en', lines },
      })

      expect(await archive.eraseWords('en', [line.id, 'unknown'])).toBe(1)

      const [erased, kept] = await archive.readLines('en', [line.id, other.id])
      expect(JSON.stringify(erased).toLowerCase()).not.toContain(secret.toLowerCase())
      expect(erased).toMatchObject({
        status: line.status,
        version: 1,
        authors: ['u_ann'],
        section: 'world',
        erased: true,
      })
      const { versions, receipts, released } = erased!.stored
      expect(versions).toMatchObject({ '1': line.stored.versions['1'], '1:position': 'e1:1', words: '' })
      expect({ receipts, released }).toEqual({
        receipts: line.stored.receipts,
        released: line.stored.released,
      })
      expect(kept).toEqual(other)
      expect(await find({ words: [secret.toLowerCase()] })).toEqual([])
      expect(await find({ story: 'rosalind' })).toEqual([])
      expect(await find({})).toHaveLength(2)
      const stored = await archive.readEvents('en', {}, 10)
      expect(stored.map(({ frame }) => frame)).toEqual([undefined, frame(other.id)])
      expect(stored.map(({ chain }) => chain)).toEqual(events.map(({ chain }) => chain))
      const strip = await archive.readStoredStrip('en', 1_000)
      expect(JSON.parse(strip!.lines[0]!)).toEqual({ id: line.id, version: 1, status: 'live', place: 1 })
      expect(strip!.lines[1]).toBe(lines[1])
    })

    it('does not bring erased words back when the same version is written again', async () => {
      const line = lineWith(secret)
      await archive.write({ lines: [line] })
      await archive.eraseWords('en', [line.id])

      await archive.write({ lines: [line] })

      expect((await archive.readLines('en', [line.id]))[0]).toMatchObject({ erased: true, words: [] })
      expect(await archive.eraseWords('en', [line.id])).toBe(0)
      await archive.write({ lines: [{ ...line, version: 2 }] })
      expect(await archive.readLines('en', [line.id])).toEqual([{ ...line, version: 2 }])
    })

    it('lists the lines whose words are due, the oldest end first', async () => {
      const ends = [5, 1, 3, 3, 9]
      const lines = ends.map((n) => lineWith('fire', { endedAt: NEW_YEAR + n }))
      await archive.write({ lines })
      const due = lines
        .filter(({ endedAt }) => endedAt < NEW_YEAR + 9)
        .sort((a, b) => a.endedAt - b.endedAt || (a.id < b.id ? -1 : 1))

      expect(await archive.findToErase('en', NEW_YEAR + 9, 2)).toEqual(due.slice(0, 2))
      expect(await archive.findToErase('en', NEW_YEAR + 9, 10, due[1]!.id)).toEqual(due.slice(2))
      await archive.eraseWords('en', [due[0]!.id, due[1]!.id])
      expect(await archive.findToErase('en', NEW_YEAR + 9, 10)).toEqual(due.slice(2))
      expect(await archive.findToErase('en', NEW_YEAR + 9, 1, due[1]!.id)).toEqual(due.slice(2, 3))
    })
  })

  /** All pages. */
  async function find(query: object, limit = 100): Promise<string[]> {
    const ids: string[] = []
    let page = await archive.findLines('en', { ...everything, ...query }, limit)
    for (;;) {
      ids.push(...page.found.map(({ id }) => id))
      if (page.next === undefined) return ids
      page = await archive.findLines('en', { ...everything, ...query }, limit, page.next)
    }
  }
}
