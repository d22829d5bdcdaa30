import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { FeedLog } from '../../src/gateway/memory/feed-log.ts'
import { FilteredView } from '../../src/gateway/memory/filtered-view.ts'
import { facetsOf, filterSchema, matches, type Filter } from '../../src/protocol/filter.ts'
import { fold, inOrder, type Strip } from '../../src/protocol/fold.ts'
import type { Page } from '../../src/protocol/frames.ts'
import { urgencies } from '../../src/protocol/lists/urgencies.ts'
import { entriesOf } from '../support/entries.ts'

const slug = fc.constantFrom('world', 'sport', 'money')
const region = fc.constantFrom('north', 'south')
const filter: fc.Arbitrary<Filter> = fc.record(
  {
    section: fc.uniqueArray(slug, { minLength: 1 }),
    region: fc.uniqueArray(region, { minLength: 1 }),
    urgency: fc.constantFrom(...urgencies),
  },
  { requiredKeys: [] },
)
const change = fc.record({
  line: fc.nat(6),
  gone: fc.constantFrom('no', 'no', 'no', 'withdraw', 'expire', 'hold', 'pin'),
  section: fc.option(slug, { nil: undefined }),
  regions: fc.uniqueArray(region),
  urgency: fc.constantFrom(...urgencies),
})

const title = { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' } as const
const WITHOUT_WORDS = ['id', 'version', 'status', 'place', 'publishedAt', 'updatedAt']
const start = { epoch: 'abcdefgh', seq: 0 }

describe('a filtered reader', () => {
  it('has at every seq exactly the headlines of the strip that pass its filter', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), filter, (changes, filter) => {
        const log = new FeedLog(
          { head: { ...start, chain: '' }, frozen: false, strip: [], entries: [], chains: new Map() },
          { events: 1_000, bytes: 1e7 },
        )
        const view = new FilteredView(title, log, filter)
        let held: Strip = new Map()
        const heldAt = [held]
        for (const entry of entriesOf(changes)) {
          const after = { epoch: start.epoch, seq: log.head.seq }
          log.append(entry)
          for (const event of (JSON.parse(view.page(after, 10).json) as Page).events) held = fold(held, event)
          const passing = inOrder(log.strip).filter((line) => matches(filter, facetsOf(line)))
          expect(inOrder(held)).toEqual(passing)
          heldAt.push(held)
        }

        // A replay, from wherever it starts, has no words but those that show, and ends with the same strip.
        heldAt.forEach((before, seq) => {
          const replay = (JSON.parse(view.page({ ...start, seq }, 500).json) as Page).events
          expect(inOrder(replay.reduce(fold, before))).toEqual(inOrder(held))
          for (const { headline } of replay) {
            if (headline.status !== 'live') expect(Object.keys(headline)).toEqual(WITHOUT_WORDS)
            else expect(held.get(headline.id)).toMatchObject({ text: headline.text })
          }
        })
      }),
      { numRuns: 300 },
    )
  })

  it('reads its filter from the query, and refuses unknown parameters', () => {
    expect(filterSchema.parse({ section: 'sport,world', urgency: 'urgent', after: 'x' })).toEqual({
      section: ['sport', 'world'],
      urgency: 'urgent',
    })
    for (const query of [{ section: '' }, { section: 'A b' }, { urgency: 'hot' }, { region: ['a', 'b'] }]) {
      expect(filterSchema.safeParse(query).success).toBe(false)
    }
  })
})
