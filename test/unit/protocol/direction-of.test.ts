import { describe, expect, it } from '@jest/globals'
import { directionOf } from '../../../src/protocol/direction-of.ts'

describe('directionOf', () => {
  it.each([
    { lang: 'ar', dir: 'rtl' },
    { lang: 'he-IL', dir: 'rtl' },
    { lang: 'az-Arab', dir: 'rtl' },
    { lang: 'dv', dir: 'rtl' },
    { lang: 'ff-Adlm', dir: 'rtl' },
    { lang: 'nqo', dir: 'rtl' },
    { lang: 'syr', dir: 'rtl' },
    { lang: 'arc-Armi', dir: 'rtl' },
    { lang: 'rhg-Rohg', dir: 'rtl' },
    { lang: 'ks-Deva', dir: 'ltr' },
    { lang: 'ar-Latn', dir: 'ltr' },
    { lang: 'arn', dir: 'ltr' },
    { lang: 'en', dir: 'ltr' },
    { lang: 'not a tag', dir: 'ltr' },
  ])('writes $lang $dir', ({ lang, dir }) => {
    expect(directionOf(lang)).toBe(dir)
  })
})
