import { describe, expect, it } from '@jest/globals'
import { urgencies } from '../../../../src/protocol/lists/urgencies.ts'
import { wordsFor } from '../../../../web/page/words-for.ts'

describe('wordsFor', () => {
  it.each([
    { lang: 'en', speaks: 'en' },
    { lang: 'en-GB', speaks: 'en' },
    { lang: 'ar', speaks: 'ar' },
    { lang: 'ar-EG', speaks: 'ar' },
    { lang: 'es-419', speaks: 'es' },
    { lang: 'arc', speaks: 'en' },
    { lang: 'fr', speaks: 'en' },
    { lang: '', speaks: 'en' },
  ])('returns $speaks for "$lang"', ({ lang, speaks }) => {
    expect(wordsFor(lang).lang).toBe(speaks)
  })

  it.each(['en', 'ar', 'es'])('has a different word for every urgency in %s', (lang) => {
    const words = urgencies.map((urgency) => wordsFor(lang).urgency[urgency])
    expect(words.every((word) => word.trim() !== '')).toBe(true)
    expect(new Set(words).size).toBe(urgencies.length)
  })
})
