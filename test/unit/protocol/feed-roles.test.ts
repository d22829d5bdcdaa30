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

  it.each([{ EN: 'editor' }, { desk: 'editor' }, { en: 'owner' }, { '**': 'editor' }])(
    'refuse %j',
    (written) => {
      expect(feedRolesSchema.safeParse(written).success).toBe(false)
    },
  )
})
