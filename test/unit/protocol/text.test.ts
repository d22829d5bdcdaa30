import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { plainLine } from '../../../src/protocol/text.ts'

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
    ['symbols alone', '€ 5 → $ 6'],
    ['one letter', 'A'],
  ])('may be %s', (_what, text) => {
    expect(read(text)).toEqual({ success: true, data: text.normalize('NFC') })
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

  it('is read at once, however long and strange what comes is', () => {
    const begun = performance.now()
    for (const text of ['a'.repeat(1e6), '\u0301'.repeat(1e6), ' '.repeat(1e6), '👩‍'.repeat(3e5)]) {
      expect(read(text).success).toBe(false)
    }
    expect(performance.now() - begun).toBeLessThan(500)
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
