import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { plainLine } from '../../../src/protocol/text.ts'
import { cpuMsOf } from '../../support/cpu-time.ts'

const tags = (letters: string) =>
  `🏴${Array.from(letters, (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')}\u{e007f}`
const [ENGLAND, SCOTLAND, WALES] = [tags('gbeng'), tags('gbsct'), tags('gbwls')]

const read = (text: unknown, graphemes?: number) => plainLine(graphemes).safeParse(text)

describe('a line of text', () => {
  it.each([
    ['Latin', 'Bridge over the river closed'],
    ['Arabic', 'إغلاق الجسر فوق النهر'],
    ['Hebrew with a plain direction mark', 'גשר\u200f 42'],
    ['Hindi with a joiner', 'क्\u200dष'],
    ['Persian with a non-joiner', 'می\u200cخواهم'],
    ['Thai', 'ปิดสะพาน'],
    ['Chinese', '桥梁关闭'],
    ['a family', '👩‍👩‍👧‍👦 reunited'],
    ['a flag', '🇬🇧 votes'],
    ['a skin tone', '👍🏽'],
    ['the flags of England, Scotland and Wales', `${ENGLAND} ${SCOTLAND} ${WALES}`],
    ['an emoji with its selector and joiners', '🏳️‍🌈 and 🏴‍☠️ and 👩🏽‍🚀 and ❤️'],
    ['a keycap', '1️⃣ done'],
    ['Khmer with zero-width spaces', 'ភាសា\u200bខ្មែរ'],
    ['Thai with a zero-width space', 'ปิด\u200bสะพาน'],
    ['Sinhala with a joiner', 'ක්\u200dෂ'],
    ['a Persian abbreviation', '۱۴۰۳ ه\u200d.ش'],
    ['Mongolian with selectors', 'ᠠ\u180b ᠨ\u180eᠠ'],
    ['an Arabic number sign', '\u0600١٢'],
    ['symbols alone', '€ 5 → $ 6'],
    ['one letter', 'A'],
  ])('may be %s', (_what, text) => {
    expect(read(text)).toEqual({ success: true, data: text.normalize('NFC') })
  })

  it.each([
    ['soft hyphens', 'Donau\u00addampf', 'Donaudampf'],
    ['a grapheme joiner', 'a\u034fb', 'ab'],
    ['a hidden message in variation selectors', `ok 😀\ufe01\u{e0152}\u{e0155}`, 'ok 😀'],
    ['a second selector', '❤\ufe0f\ufe0f', '❤\ufe0f'],
    ['a selector after a letter', 'a\ufe0f1\ufe0f', 'a1'],
    ['joiners between Latin letters', 'a\u200db\u200cc', 'abc'],
    ['a second joiner', 'ක්\u200d\u200dෂ', 'ක්\u200dෂ'],
    ['a non-joiner at the end of a word', 'می\u200c رود', 'می رود'],
    ['a second direction mark', 'a\u200e\u200f\u200eb', 'a\u200eb'],
    ['a second zero-width space', 'ปิด\u200b\u200bสะพาน', 'ปิด\u200bสะพาน'],
    ['a zero-width space at the end of a Thai word', 'ปิด\u200b 5', 'ปิด 5'],
    ['a word joiner in Khmer', 'ភាសា\u2060ខ្មែរ', 'ភាសាខ្មែរ'],
    ['a zero-width space in Chinese', '桥梁\u200b关闭', '桥梁关闭'],
  ])('loses %s', (_what, text, kept) => {
    expect(read(text)).toEqual({ success: true, data: kept })
  })

  it.each([
    ['one\u202etwo', 'U+202E', 3, 'an override of the direction of writing: take it out'],
    ['😀\u0301 \u200bx', 'U+200B', 3, 'a zero-width space: take it out'],
    [' \u00a0one\ntwo', 'U+000A', 5, 'a line break: write one line'],
    [
      'one\u{e0041}two',
      'U+E0041',
      3,
      'a tag character: only the flags of England, Scotland and Wales have them',
    ],
    [
      `${ENGLAND}\u{e0067}`,
      'U+E0067',
      7,
      'a tag character: only the flags of England, Scotland and Wales have them',
    ],
    [
      '🏴\u{e0075}\u{e0073}\u{e0074}\u{e0078}\u{e007f}',
      'U+E0075',
      1,
      'a tag character: only the flags of England, Scotland and Wales have them',
    ],
    ['a\ufffcb', 'U+FFFC', 1, 'the place of a picture: take it out'],
  ])('%j is answered with the character and its position', (text, character, position, words) => {
    const { error } = read(text)
    const message = `${character} at position ${position} is ${words}`
    expect(error?.issues).toMatchObject([{ message, params: { character, position } }])
  })

  it('is kept in NFC and without space around it', () => {
    expect(read(' \u00a0Cafe\u0301\t').data).toBe('Caf\u00e9')
  })

  it.each([
    ['nothing', ''],
    ['space alone', ' \u2003 '],
    ['marks without a letter', '\u0301\u0301'],
    ['joiners alone', '\u200d\u200c'],
    ['a line end', 'one\ntwo'],
    ['a carriage return', 'one\rtwo'],
    ['a tab inside', 'one\ttwo'],
    ['a null', 'one\0two'],
    ['an escape', 'one\u001b[31mtwo'],
    ['a C1 control', 'one\u0085two'],
    ['a line separator', 'one\u2028two'],
    ['a paragraph separator', 'one\u2029two'],
    ['a left-to-right embedding', 'one\u202atwo'],
    ['a right-to-left override', 'one\u202etwo'],
    ['a pop', 'one\u202ctwo'],
    ['an isolate', 'one\u2067two\u2069'],
    ['a zero-width space', 'one\u200btwo'],
    ['a word joiner', 'one\u2060two'],
    ['a byte-order mark', '\ufeffone'.padEnd(8, 'x') + '\ufeffy'],
    ['an interlinear annotation', 'one\ufff9two'],
    ['an object replacement character', 'one\ufffctwo'],
    ['an inherent vowel of Khmer', 'ក\u17b4'],
    ['a control of shorthand', 'one\u{1bca0}two'],
    ['a control of music', 'one\u{1d173}two'],
    ['a note without a head', 'one\u{1d159}two'],
    ['a Hangul filler', 'one\u3164two'],
    ['a tag character', 'one\u{e0041}two'],
    ['a lone surrogate', 'one\ud800two'],
    ['private use', 'one\ue000two'],
    ['an unassigned code point', 'one\u{2fffe}two'],
  ])('is refused with %s', (_what, text) => {
    expect(read(text).success).toBe(false)
  })

  it.each([[17], [null], [undefined], [{}], [['text']], [true]])('is never %j', (value) => {
    expect(read(value).success).toBe(false)
  })

  it('is measured in what a reader sees as characters', () => {
    expect(read('🇬🇧'.repeat(280)).success).toBe(true)
    expect(read('🇬🇧'.repeat(281)).success).toBe(false)
    expect(read('e\u0308'.repeat(280)).success).toBe(true)
    expect(read('abc', 3).success).toBe(true)
    expect(read('abcd', 3).success).toBe(false)
  })

  it('is bounded in code points too, where one character carries hundreds of marks', () => {
    expect(read(`a${'\u0301'.repeat(1_119)}`).success).toBe(true)
    expect(read(`q${'\u0323\u0301'.repeat(600)}`).success).toBe(false)
    expect(read('👩‍👩‍👧‍👦'.repeat(280)).success).toBe(false)
  })

  it('is read at once, however long and strange what comes is', async () => {
    const readMs = await cpuMsOf(() => {
      for (const text of ['a'.repeat(1e6), '\u0301'.repeat(1e6), ' '.repeat(1e6), '👩‍'.repeat(3e5)]) {
        expect(read(text).success).toBe(false)
      }
    })
    expect(readMs).toBeLessThan(1_000)
  })

  it('that was accepted is accepted unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const first = read(text)
        if (first.success) expect(read(first.data)).toEqual({ success: true, data: first.data })
      }),
      { numRuns: 500 },
    )
  })
})

it('a line that is much too long is told how long it may be', () => {
  for (const length of [81, 5_000])
    expect(plainLine(80).safeParse('x'.repeat(length)).error?.issues[0]?.message).toBe(
      'longer than 80 graphemes',
    )
})

it('a line is told one fault at a time', () => {
  expect(read(`${'x'.repeat(300)}\u202e`).error?.issues).toHaveLength(1)
  expect(read(`${' '.repeat(300)}\u202e`).error?.issues).toHaveLength(1)
})
