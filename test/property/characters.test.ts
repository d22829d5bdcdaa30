import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { withoutInvisible } from '../../src/protocol/characters.ts'
import { plainLine } from '../../src/protocol/text.ts'

const LAST_CODE_POINT = 0x10ffff
const DIRECTION_MARKS = ['\u200e', '\u200f', '\u061c']
const ENGLAND = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'

/** The table of PROTOCOL.md, for a character between two Latin letters. */
function expected(character: string): 'kept' | 'taken out' | 'refused' {
  if (/[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(character)) return 'refused'
  if (/[\ufff9-\ufffc\u{1d159}]|\u{16fe4}/u.test(character)) return 'refused'
  if (!/\p{DI}/u.test(character) || DIRECTION_MARKS.includes(character)) return 'kept'
  return /[\p{VS}\u180e\u00ad\u200c\u200d]|\u034f/u.test(character) ? 'taken out' : 'refused'
}

describe('every character of Unicode', () => {
  it('is kept, taken out or refused as the table says, and named with its position', () => {
    const wrong: string[] = []
    for (let code = 0; code <= LAST_CODE_POINT; code++) {
      const character = String.fromCodePoint(code)
      const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
      const read = withoutInvisible(`a${character}b`)
      const results = { kept: `a${character}b`, 'taken out': 'ab', refused: `${name} at 1` }
      const result = typeof read === 'string' ? read : `${read.character} at ${read.position}`
      if (result !== results[expected(character)]) wrong.push(name)
    }
    expect(wrong).toEqual([])
  })
})

/** Every invisible character, and every kind of character beside which one may stand. */
const parts = [
  ...['a', 'é', 'e\u0301', '1', '5', '#', '\u20e3', ' ', '.', '-'],
  ...[
    'م',
    'ی',
    '\u064e',
    'क',
    '\u094d',
    '\u093c',
    'ක',
    'ก',
    '\u0e48',
    'ខ',
    '\u17d2',
    'မ',
    'ᠠ',
    '東',
    'ア',
    '한',
  ],
  ...['😀', '👩', '🚀', '❤', '\u{1f3fd}', '🏴', ENGLAND, '🇬', '🇧'],
  ...['\u00ad', '\u034f', '\u061c', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2060', '\ufeff'],
  ...['\u180b', '\u180e', '\ufe00', '\ufe0e', '\ufe0f', '\u{e0100}', '\u{e01ef}', '\u202e', '\u{e0067}'],
]

describe('a line of any characters', () => {
  const line = fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 12 }).map((all) => all.join(''))

  it('is accepted unchanged once it was accepted', () => {
    fc.assert(
      fc.property(line, (text) => {
        const first = plainLine().safeParse(text)
        if (first.success) expect(plainLine().safeParse(first.data)).toEqual(first)
      }),
      { numRuns: 5_000 },
    )
  })

  it('has no two invisible characters in a row, but for those of a flag', () => {
    fc.assert(
      fc.property(line, (text) => {
        const { data = '' } = plainLine().safeParse(text)
        expect(data.replaceAll(ENGLAND, '')).not.toMatch(
          /(?![\ufe0e\ufe0f][\u200d-\u200f\u061c])\p{DI}\p{DI}/u,
        )
      }),
      { numRuns: 5_000 },
    )
  })
})
