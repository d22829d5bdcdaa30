import { describe, expect, it } from '@jest/globals'
import { openAuthors, passedOn, rewritten, withAuthors, tookPartIn } from '../../../src/desk/two-person.ts'

const desk = { createdBy: 'ann', authors: ['eve'], submittedBy: 'sam' }

describe('who has a part in a line', () => {
  it.each([
    ['created it', 'ann', true],
    ['wrote in it', 'eve', true],
    ['submitted it', 'sam', true],
    ['did nothing', 'bob', false],
  ])('is asked of the person who %s', (_what, person, hasPart) => {
    expect(tookPartIn(desk, person)).toBe(hasPart)
  })
})

describe('the words of a line', () => {
  it('have the authors whose words nobody else has approved', () => {
    expect(openAuthors(desk)).toEqual(['eve'])
    expect(openAuthors({ ...desk, approvedBy: 'bob' })).toEqual([])
    expect(openAuthors({ ...desk, authors: ['eve', 'bob'], approvedBy: 'bob' })).toEqual(['bob'])
  })

  it('wait for approval again after a change, and name each author once', () => {
    expect(rewritten({ ...desk, approvedBy: 'bob' }, 'eve')).toStrictEqual({ ...desk, authors: ['eve'] })
    expect(rewritten(desk, 'eve')).toStrictEqual(desk)
    expect(withAuthors(desk, ['eve', 'bob', 'bob'])).toStrictEqual({ ...desk, authors: ['eve', 'bob'] })
  })

  it('keep an earlier approval when another person passes them on', () => {
    expect(passedOn({ ...desk, approvedBy: 'bob', releaseAt: 1, reason: 'Which?' }, 'cat')).toStrictEqual({
      ...desk,
      approvedBy: 'bob',
    })
    expect(passedOn({ ...desk, authors: ['bob'], approvedBy: 'bob' }, 'cat').approvedBy).toBe('cat')
  })
})
