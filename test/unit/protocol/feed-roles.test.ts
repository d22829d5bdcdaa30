import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { feedRolesSchema, lesserRole, raisedIn, roleIn } from '../../../src/protocol/feed-roles.ts'
import { atLeast, roles } from '../../../src/protocol/lists/roles.ts'

const given = fc.dictionary(fc.constantFrom('*', 'en', 'ar'), fc.constantFrom(...roles), {
  noNullPrototype: true,
})
const role = fc.option(fc.constantFrom(...roles), { nil: undefined })

describe('roles by feed', () => {
  it.each([
    [{ en: 'editor' }, 'en', 'editor'],
    [{ en: 'editor' }, 'ar', undefined],
    [{ en: 'editor' }, '*', undefined],
    [{ '*': 'reader', en: 'editor' }, 'en', 'editor'],
    [{ '*': 'chief', en: 'reader' }, 'en', 'chief'],
    [{}, 'en', undefined],
    [{}, 'constructor', undefined],
  ] as const)('%j give %s: %s', (them, feed, wanted) => {
    expect(roleIn(them, feed)).toBe(wanted)
  })

  it('are never raised by what gives nobody more', () => {
    fc.assert(
      fc.property(given, given, (before, next) => {
        for (const feed of ['*', 'en', 'ar']) {
          const [was, is] = [roleIn(before, feed), roleIn(next, feed)]
          const more = is !== undefined && atLeast(is, 'reporter') && !atLeast(was, is)
          if (more)
            expect(raisedIn(before, next).some((raised) => raised === feed || raised === '*')).toBe(true)
        }
        expect(raisedIn(next, next)).toEqual([])
      }),
    )
  })

  it('of a key and its owner give the lesser', () => {
    fc.assert(
      fc.property(role, role, (a, b) => {
        const lesser = lesserRole(a, b)
        expect(lesser).toBe(lesserRole(b, a))
        if (lesser === undefined) expect(a === undefined || b === undefined).toBe(true)
        else expect(atLeast(a, lesser) && atLeast(b, lesser) && [a, b].includes(lesser)).toBe(true)
      }),
    )
  })

  it('are for feeds, and for all of them', () => {
    for (const written of [{}, { en: 'editor' }, { '*': 'chief', ar: 'reader' }])
      expect(feedRolesSchema.parse(written)).toEqual(written)
    expect(feedRolesSchema.safeParse({ EN: 'editor' }).error?.issues[0]?.message).toBe(
      'Invalid key in record',
    )
  })

  it('are for a hundred feeds at the most', () => {
    const of = (count: number) =>
      feedRolesSchema.safeParse(
        Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, 'reader'])),
      )
    expect(of(100).success).toBe(true)
    expect(of(101).error?.issues[0]?.message).toBe('more than 100 feeds')
  })

  it.each([
    [{}, { en: 'reporter' }, ['en']],
    [{}, { en: 'reader' }, []],
    [{ en: 'editor' }, { en: 'reporter' }, []],
    [{ '*': 'editor' }, { en: 'chief', ar: 'editor' }, ['en']],
    [{ en: 'editor' }, { '*': 'editor', en: 'editor' }, ['*']],
  ] as const)('from %j to %j are raised in %j', (before, next, raised) => {
    expect(raisedIn(before, next)).toEqual(raised)
  })

  it.each([{ EN: 'editor' }, { desk: 'editor' }, { en: 'owner' }, { '**': 'editor' }])(
    'refuse %j',
    (written) => {
      expect(feedRolesSchema.safeParse(written).success).toBe(false)
    },
  )
})
