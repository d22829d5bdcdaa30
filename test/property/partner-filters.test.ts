import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { matches, type Filter } from '../../src/protocol/filter.ts'
import { urgencies } from '../../src/protocol/lists/urgencies.ts'
import { filterWithin } from '../../src/protocol/partner-requests.ts'

const slug = fc.constantFrom('sport', 'money', 'culture')
const slugs = fc.uniqueArray(slug, { minLength: 1, maxLength: 3 })
const urgency = fc.constantFrom(...urgencies)
const filter: fc.Arbitrary<Filter> = fc
  .record({ section: slugs, region: slugs, urgency }, { requiredKeys: [] })
  .map((each) => ({ ...each }))
const facets = fc.record({
  section: fc.option(slug, { nil: undefined }),
  regions: fc.uniqueArray(slug, { maxLength: 3 }),
  urgency,
})

it('no filter of a request lets more pass than the partner may get', () => {
  fc.assert(
    fc.property(filter, filter, facets, (allowed, wanted, headline) => {
      const both = filterWithin(allowed, wanted)
      const asksForOthers = (['section', 'region'] as const).some((name) =>
        wanted[name]?.some((value) => allowed[name] && !allowed[name].includes(value)),
      )
      expect(both === undefined).toBe(asksForOthers)
      if (both) expect(matches(both, headline)).toBe(matches(allowed, headline) && matches(wanted, headline))
    }),
  )
})
