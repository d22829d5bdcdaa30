import { describe, expect, it } from '@jest/globals'
import { FeedLog } from '../../../../src/gateway/memory/feed-log.ts'
import { entriesOf, type LineChange } from '../../../support/entries.ts'

const LIMIT_BYTES = 65_536
const shown: Omit<LineChange, 'line' | 'gone'> = { section: 'world', regions: ['north'], urgency: 'flash' }

const entries = (...gone: string[]) =>
  entriesOf(gone.map((one, line) => ({ line: one === 'no' ? line : 0, gone: one, ...shown })))
const position = (seq: number, epoch = 'abcdefgh') => ({ epoch, seq })

function logOf(count: number, limits: { events?: number; bytes?: number } = {}): FeedLog {
  const log = new FeedLog(
    { head: { ...position(0), chain: '' }, frozen: false, strip: [], entries: [], chains: new Map() },
    { events: 100, bytes: 1e6, ...limits },
  )
  for (const entry of entriesOf(Array.from({ length: count }, (_, line) => ({ line, gone: 'no', ...shown }))))
    log.append(entry)
  return log
}

describe('a log in memory', () => {
  it('stands at what it took last, and gives another number after each change', () => {
    const log = logOf(0)
    const [first, second] = entries('no', 'no')
    expect(log.position).toBe('abcdefgh:0')
    const revisions = [log.revision]
    expect(log.append(first!)).toEqual(JSON.parse(first!.json))
    revisions.push(log.revision)
    log.append(second!)
    revisions.push(log.revision)
    expect(log.head).toEqual({ ...position(2), chain: second?.chain })
    expect([...log.strip.keys()]).toEqual(['line-0-1', 'line-1-2'])
    log.replace({
      head: { ...position(9, 'hgfedcba'), chain: 'c' },
      frozen: false,
      strip: [],
      entries: [],
      chains: new Map(),
    })
    revisions.push(log.revision)
    expect(new Set(revisions).size).toBe(4)
    expect(log.position).toBe('hgfedcba:9')
    expect(log.strip.size).toBe(0)
    expect(log.entries()).toEqual([])
    expect(log.earliest).toBe(10)
  })

  it('starts with what was read, and counts it among its bytes', () => {
    const read = entries('no', 'no', 'no')
    const loaded = { frozen: false, strip: [], entries: read, chains: new Map<number, string>() }
    const head = { ...position(3), chain: read[2]!.chain }
    const log = new FeedLog({ head, ...loaded }, { events: 2, bytes: 1e6 })
    expect(log.entries().map(({ seq }) => seq)).toEqual([2, 3])
    log.replace({ head, ...loaded })
    expect(log.entries().map(({ seq }) => seq)).toEqual([2, 3])
  })

  it.each([
    ['what it holds', position(3), 'here'],
    ['the place before what it holds', position(2), 'here'],
    ['what it has dropped', position(1), 'range'],
    ['its head', position(5), 'here'],
    ['what is yet to come', position(6), 'range'],
    ['another history', position(3, 'hgfedcba'), 'epoch'],
  ] as const)('says of %s whether it can tell what follows', (_what, place, found) => {
    expect(logOf(5, { events: 3 }).locate(place)).toBe(found)
  })

  it('finds an entry and its chain by its seq, and none that it does not hold', () => {
    const log = logOf(5, { events: 3 })
    expect([3, 4, 5].map((seq) => log.at(seq).seq)).toEqual([3, 4, 5])
    expect(log.earliest).toBe(3)
    expect(log.chainAt(4)).toBe(log.at(4).chain)
    expect(log.chainAt(5)).toBe(log.head.chain)
    expect([0, 6].map((seq) => log.chainAt(seq))).toEqual([undefined, undefined])
    for (const seq of [0, 6]) expect(() => log.at(seq)).toThrow(`no seq ${seq}`)
    expect(logOf(0).chainAt(0)).toBe('')
  })

  it('holds as many events as it may, whenever one comes', () => {
    for (let count = 1; count <= 12; count++) {
      const seqs = logOf(count, { events: 3 })
        .entries()
        .map(({ seq }) => seq)
      expect(seqs).toEqual([count - 2, count - 1, count].filter((seq) => seq > 0))
    }
  })

  it('holds as many bytes as it may, to the last one', () => {
    const [one, two] = logOf(2).entries()
    const bytes = one!.size + two!.size
    expect(logOf(2, { bytes }).entries()).toHaveLength(2)
    expect(logOf(2, { bytes: bytes - 1 }).entries()).toHaveLength(1)
    expect(logOf(8, { bytes }).entries()).toHaveLength(2)
  })

  it('takes the words of a withdrawn line out of all events of that line, and of no other', () => {
    const log = logOf(0)
    for (const entry of entriesOf([
      { line: 0, gone: 'no', ...shown },
      { line: 1, gone: 'no', ...shown },
      { line: 0, gone: 'no', ...shown },
      { line: 0, gone: 'withdraw', ...shown },
    ]))
      log.append(entry)
    expect(log.entries().map(({ json }) => json.includes('"text"'))).toEqual([false, true, false, false])
    expect([...log.strip.keys()]).toEqual(['line-1-2'])
  })

  /** After the changes of one line, what its events show: the number of a text, or a status without a text. */
  it.each([
    [
      ['no', 'no'],
      ['superseded', 2],
    ],
    [
      ['no', 'no', 'no'],
      ['superseded', 'superseded', 3],
    ],
    [
      ['no', 'hold'],
      ['held', 'held'],
    ],
    [
      ['no', 'expire'],
      ['expired', 'expired'],
    ],
    [
      ['no', 'no', 'withdraw'],
      ['withdrawn', 'withdrawn', 'withdrawn'],
    ],
    // `resume` carries the headline: what came before stays without words.
    [
      ['no', 'hold', 'no'],
      ['superseded', 'superseded', 3],
    ],
    // A pin changes no word.
    [
      ['no', 'pin'],
      [1, 1],
    ],
    [
      ['no', 'no', 'pin', 'pin'],
      ['superseded', 2, 2, 2],
    ],
    [
      ['no', 'pin', 'no'],
      ['superseded', 'superseded', 3],
    ],
    [
      ['no', 'pin', 'hold'],
      ['held', 'held', 'held'],
    ],
    [
      ['no', 'celebrate'],
      ['celebrate', 'celebrate'],
    ],
  ])('after %j shows words only where they are those that show now: %j', (gone, expected) => {
    const made = entriesOf(gone.map((one) => ({ line: 0, gone: one, ...shown })))
    const taken = logOf(0)
    for (const entry of made) taken.append(entry)
    // A log that is read again from Redis has every word, and loses the same ones.
    const read = logOf(0)
    const head = { ...position(made.length), chain: made.at(-1)!.chain }
    read.replace({ head, frozen: false, strip: [], entries: made, chains: new Map() })
    for (const log of [taken, read])
      expect(
        log.entries().map(({ event: { headline } }) => {
          return headline.status === 'live' ? Number(headline.text.split(' ')[1]) : headline.status
        }),
      ).toEqual(expected)
  })

  it('goes on taking words out of a line when its oldest events have been dropped, and of a log that was read anew', () => {
    const log = new FeedLog(
      { head: { ...position(0), chain: '' }, frozen: false, strip: [], entries: [], chains: new Map() },
      { events: 3, bytes: 1e6 },
    )
    const made = entriesOf([0, 1, 0, 0, 1, 0, 0].map((line) => ({ line, gone: 'no', ...shown })))
    for (const entry of made) log.append(entry)
    const texts = () => log.entries().map(({ json }) => /Text \d/.exec(json)?.[0])
    expect(texts()).toEqual(['Text 5', undefined, 'Text 7'])
    const head = { ...position(5), chain: made[4]!.chain }
    log.replace({ head, frozen: false, strip: [], entries: made.slice(3, 5), chains: new Map() })
    log.append(made[5]!)
    expect(texts()).toEqual([undefined, 'Text 5', 'Text 6'])
  })

  it('holds as many events after many withdrawals as after a few', () => {
    const log = new FeedLog(
      {
        head: { epoch: 'abcdefgh', seq: 0, chain: '' },
        frozen: false,
        strip: [],
        entries: [],
        chains: new Map(),
      },
      { events: 100_000, bytes: LIMIT_BYTES },
    )
    const entries = entriesOf(
      Array.from({ length: 4_000 }, (_, n) => ({ line: 0, gone: n % 2 === 0 ? 'no' : 'withdraw', ...shown })),
    )
    const held: number[] = []
    for (const entry of entries) {
      log.append(entry)
      if (entry.seq % 400 === 0) held.push(log.entries().length)
    }
    // Later positions have more digits, so their entries are larger.
    expect(Math.min(...held)).toBeGreaterThanOrEqual((held[0] ?? 0) - 5)
    expect(log.entries().reduce((bytes, { size }) => bytes + size, 0)).toBeLessThanOrEqual(LIMIT_BYTES)
    expect(held[0]).toBeLessThan(400)
  })
})
