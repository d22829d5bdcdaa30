import { describe, expect, it } from '@jest/globals'
import { emailSchema } from '../../../src/protocol/people-requests.ts'

const read = (email: string) => emailSchema.safeParse(email)

describe('an email address', () => {
  it('is one in upper and lower case of a to z, and without blanks around it', () => {
    expect(read(' Ada@Example.ORG ').data).toBe('ada@example.org')
  })

  it.each([
    ['a fullwidth letter', '\uFF41da@example.org'],
    ['a ligature', 'o\uFB03ce@example.org'],
    ['the Kelvin sign', '\u212Aim@example.org'],
    ['a capital with a dot', '\u0130da@example.org'],
    ['a superscript', 'ada\u00B9@example.org'],
  ])('with %s is the address of another person', (_what, email) => {
    expect(read(email).data).toBe(email)
  })

  it.each([
    ['NUL', 'ada\u0000@example.org'],
    ['a line break', 'ada\n@example.org'],
    ['a bidirectional override', 'ada\u202E@example.org'],
    ['a bidirectional isolate', 'ada\u2066@example.org'],
    ['a zero-width space', 'ada\u200B@example.org'],
    ['a byte order mark', 'ada\uFEFF@example.org'],
    ['half of a surrogate pair', 'ada\uD800@example.org'],
    ['a private character', 'ada\uE000@example.org'],
    ['a line separator', 'ada\u2028@example.org'],
    ['a Hangul filler', 'ada\u3164@example.org'],
    ['a variation selector', 'ada\uFE0F@example.org'],
    ['a grapheme joiner', 'ada\u034F@example.org'],
    ['an empty Braille pattern', 'ada\u2800@example.org'],
  ])('with %s is refused', (_what, email) => {
    expect(read(email).success).toBe(false)
  })

  it('that is refused is answered with the character, its position as it was sent, and the way out', () => {
    const { error } = read('  😀a\u200B@example.org')
    expect(error?.issues).toMatchObject([
      {
        message: 'U+200B at position 4 is a control or invisible character: take it out',
        params: { character: 'U+200B', position: 4 },
      },
    ])
  })
})
