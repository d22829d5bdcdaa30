import { describe, expect, it } from '@jest/globals'
import { lineWordsFor, lineWordsOf } from '../../../src/protocol/line-words-for.ts'
import { wordKeys } from '../../../src/protocol/lists/word-keys.ts'
import { localeOf } from '../../../src/protocol/locale-of.ts'
import { numberings, numberingsFor } from '../../../src/protocol/numbering.ts'
import { readOwnTable } from '../../../src/protocol/own-table.ts'
import { english as ticker } from '../../../web/widget/ticker-words.ts'

describe('the own words of a feed', () => {
  it('have a key for each word of the ticker and of pages', () => {
    const {
      lang: _,
      dir: __,
      locale: ___,
      urgency,
      breaking: ____,
      ...others
    } = { ...lineWordsFor('en'), ...ticker }
    expect([...wordKeys].sort()).toEqual([...Object.keys(urgency), 'label', ...Object.keys(others)].sort())
  })

  it('replace the usual ones where the words are in the language of the feed', () => {
    const own = { flash: 'Just in', pinned: 'On top' }
    const english = lineWordsFor('en')
    expect(lineWordsOf({ lang: 'en-GB' }, own)).toEqual({
      ...english,
      urgency: { ...english.urgency, flash: 'Just in' },
      pinned: 'On top',
    })
    expect(lineWordsOf({ lang: 'en' }, own, 'en-US').pinned).toBe('On top')
    expect(lineWordsOf({ lang: 'en' }, own, 'de')).toEqual(lineWordsFor('de'))
  })
})

describe('the digits of a feed', () => {
  it.each([
    { lang: 'ar', numbering: undefined, locale: 'ar-u-nu-latn' },
    { lang: 'ar-EG', numbering: 'arab', locale: 'ar-u-nu-arab' },
    { lang: 'fa', numbering: undefined, locale: 'fa' },
    { lang: 'fa', numbering: 'latn', locale: 'fa-u-nu-latn' },
    { lang: 'en', numbering: undefined, locale: 'en' },
    { lang: 'pl', numbering: 'latn', locale: 'en' },
  ])('are written in $locale for $lang with $numbering', ({ lang, numbering, locale }) => {
    expect(lineWordsOf({ lang, numbering }, undefined).locale).toBe(locale)
  })

  it('are only those that Node knows', () => {
    expect(Intl.supportedValuesOf('numberingSystem')).toEqual(expect.arrayContaining(numberings))
    expect(numberingsFor('ar-SD')).toEqual(['latn', 'arab'])
    expect(numberingsFor('en')).toEqual(['latn'])
    for (const lang of ['ar', 'fa', 'hi', 'my', 'ne', 'th'])
      for (const numbering of numberingsFor(lang))
        expect(new Intl.NumberFormat(localeOf(lang, numbering)).resolvedOptions().numberingSystem).toBe(
          numbering,
        )
  })
})

describe('the table of own words that a browser has loaded', () => {
  it('leaves out words that only a newer server knows', () => {
    const answer = { version: 3, words: { flash: 'Just in', sparkle: 'New' }, labels: { city: 'In town' } }
    expect(readOwnTable(answer)).toEqual({ words: { flash: 'Just in' }, labels: { city: 'In town' } })
  })

  it.each([
    [null],
    [{ words: {} }],
    [{ words: { flash: 1 }, labels: {} }],
    [{ words: { flash: '' }, labels: {} }],
    [{ words: { flash: 'No\u0000w' }, labels: {} }],
    [{ words: { flash: 'x'.repeat(501) }, labels: {} }],
    [{ words: {}, labels: { city: '\u202ecity' } }],
  ])('is refused when it does not fit: %j', (answer) => {
    expect(() => readOwnTable(answer)).toThrow(TypeError)
  })
})
