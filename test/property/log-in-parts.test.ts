import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { LoadedFeed, LogEntry } from '../../src/eventlog/read-log.ts'
import { FeedLog } from '../../src/gateway/memory/feed-log.ts'
import { urgencies } from '../../src/protocol/lists/urgencies.ts'
import { entriesOf } from '../support/entries.ts'

const epoch = 'abcdefgh'
const change = fc.record({
  line: fc.nat(4),
  gone: fc.constantFrom('no', 'no', 'no', 'withdraw', 'expire', 'hold', 'pin'),
  section: fc.constantFrom('world', 'sport'),
  regions: fc.constant([]),
  urgency: fc.constantFrom(...urgencies),
})
/** An event arrives, or so many earlier ones are loaded. */
const step = fc.oneof(fc.constant('append' as const), fc.integer({ min: 1, max: 7 }))

it('is the same when its earlier events are loaded later, in any parts, while new ones arrive', () => {
  fc.assert(
    fc.property(
      fc.array(change, { minLength: 1, maxLength: 50 }),
      fc.nat(50),
      fc.nat(20),
      fc.array(step, { maxLength: 40 }),
      fc.record({ events: fc.integer({ min: 1, max: 40 }), bytes: fc.constantFrom(5_000, 30_000, 1e7) }),
      (changes, opened, first, steps, limits) => {
        const entries = entriesOf(changes, epoch)
        const head = Math.min(opened, entries.length)
        const whole = new FeedLog(loaded(entries, 0, head), limits)
        const log = new FeedLog(loaded(entries, Math.max(0, head - first), head), limits)
        for (const step of [...steps, ...entries.map(() => 50)]) {
          const next = entries[log.head.seq]
          if (step !== 'append') load(log, entries, step)
          else if (next) for (const each of [whole, log]) each.append(next)
        }

        expect(log.missing).toBeUndefined()
        expect(contentOf(log, entries)).toEqual(contentOf(whole, entries))
      },
    ),
    { numRuns: 500 },
  )
})

/** As Redis gives a feed whose log has these entries: those after `first`, up to `through`. */
function loaded(entries: readonly LogEntry[], first: number, through: number): LoadedFeed {
  const chain = entries[through - 1]?.chain ?? ''
  const part = partOf(entries, first, through)
  return {
    head: { epoch, seq: through, chain },
    since: 0,
    frozen: false,
    strip: [],
    ...part,
    chains: new Map(),
  }
}

function partOf(entries: readonly LogEntry[], first: number, through: number) {
  return { entries: entries.slice(first, through), chainBefore: entries[first - 1]?.chain ?? '' }
}

function load(log: FeedLog, entries: readonly LogEntry[], limit: number): void {
  const { missing } = log
  if (!missing) return
  const through = missing.before - 1
  expect(log.prepend(partOf(entries, Math.max(0, through - limit), through))).toBe(true)
}

function contentOf(log: FeedLog, truth: readonly LogEntry[]) {
  const before = log.earliest - 1
  const seqs = Array.from({ length: log.head.seq + 2 }, (_, seq) => seq)
  return {
    head: log.head,
    earliest: log.earliest,
    entries: log
      .entries()
      .map(({ seq, chain, json, facets, leavingJson }) => ({ seq, chain, json, facets, leavingJson })),
    located: seqs.map((seq) => log.locate({ epoch, seq })),
    // The mark of a returning reader is compared with the chain hash at its position.
    beforeOldest: log.locate({ epoch, seq: before, mark: truth[before - 1]?.chain ?? '' }),
  }
}
