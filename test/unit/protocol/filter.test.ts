import { describe, expect, it } from '@jest/globals'
import { filterKey, filterSchema, matches, type Facets } from '../../../src/protocol/filter.ts'

const read = (query: Record<string, unknown>) => filterSchema.parse(query)
const line: Facets = { section: 'world', regions: ['eu', 'uk'], urgency: 'bulletin' }

describe('a filter', () => {
  it.each([
    [{}, true],
    [{ section: 'world' }, true],
    [{ section: 'sport,world' }, true],
    [{ section: 'sport' }, false],
    [{ region: 'uk' }, true],
    [{ region: 'us,asia' }, false],
    [{ urgency: 'flash' }, false],
    [{ urgency: 'bulletin' }, true],
    [{ urgency: 'routine' }, true],
    [{ section: 'world', region: 'us' }, false],
    [{ section: 'world', region: 'eu', urgency: 'urgent' }, true],
  ])('%j lets a bulletin of the world section for Europe through: %j', (query, through) => {
    expect(matches(read(query), line)).toBe(through)
  })

  it('that names a section lets no line without one through', () => {
    expect(matches(read({ section: 'world' }), { regions: [], urgency: 'flash' })).toBe(false)
  })

  it('is the same however it is written', () => {
    expect(filterKey(read({ section: 'b,a,b' }))).toBe(filterKey(read({ section: 'a,b' })))
    expect(filterKey(read({}))).toBe('')
    expect(filterKey(read({ section: 'a' }))).not.toBe(filterKey(read({ region: 'a' })))
  })

  it.each([
    { section: '' },
    { section: 'World' },
    { section: 'a,' },
    { section: ['a', 'b'] },
    { region: 'a'.repeat(501) },
    { region: Array.from({ length: 11 }, (_, n) => `r${n}`).join() },
    { urgency: 'loud' },
    { urgency: ['flash', 'bulletin'] },
  ])('%j is none', (query) => {
    expect(filterSchema.safeParse(query).success).toBe(false)
  })
})
