import { describe, expect, it } from '@jest/globals'
import { translations } from '../../../../src/protocol/line-words-for.ts'
import { wordsFor } from '../../../../web/page/words-for.ts'

describe('wordsFor', () => {
  it.each([
    { lang: 'en', speaks: 'en' },
    { lang: 'en-GB', speaks: 'en' },
    { lang: 'ar', speaks: 'ar' },
    { lang: 'ar-EG', speaks: 'ar' },
    { lang: 'es-419', speaks: 'es' },
    { lang: 'arc', speaks: 'en' },
    { lang: 'fr', speaks: 'fr' },
    { lang: 'pl', speaks: 'en' },
    { lang: '', speaks: 'en' },
  ])('returns $speaks for "$lang"', ({ lang, speaks }) => {
    expect(wordsFor({ lang }).lang).toBe(speaks)
  })

  it.each(['en', ...translations.map(({ lang }) => lang)])('has every text in %s, each its own', (lang) => {
    const { status, loading, lost, stale } = wordsFor({ lang })
    const texts = [...Object.values(status), loading, lost, stale]
    for (const text of texts) expect([lang, text]).toEqual([lang, expect.stringMatching(/\p{L}/u)])
    expect(new Set(texts).size).toBe(texts.length)
  })
})
