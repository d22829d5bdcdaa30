import { describe, expect, it } from '@jest/globals'
import { splitWords } from '../../../../web/on-air/split-words.ts'

/** Each letter is one pixel wide. */
const widthOf = (text: string) => Array.from(text).length

describe('a line that is too long for a row', () => {
  it.each([
    ['one two three four', 9, ['one two', 'three', 'four']],
    ['one', 9, ['one']],
    ['', 9, []],
    ['  one   two ', 20, ['one two']],
    ['a Donaudampfschiff b', 6, ['a', 'Donaud', 'ampfsc', 'hiff b']],
    ['انفجار في وسط المدينة', 10, ['انفجار في', 'وسط', 'المدينة']],
  ])('"%s" in rows of %s is split between words', (text, width, rows) => {
    expect(splitWords(text, widthOf, width)).toEqual(rows)
  })

  it('leaves room in the first row', () => {
    expect(splitWords('one two three', widthOf, 9, 3)).toEqual(['one', 'two three'])
    expect(splitWords('three', widthOf, 9, 3)).toEqual(['', 'three'])
  })

  it('keeps letters and their marks together', () => {
    expect(splitWords('e\u0301e\u0301e\u0301', widthOf, 2)).toEqual(['e\u0301', 'e\u0301', 'e\u0301'])
  })
})
