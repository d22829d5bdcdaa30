import { describe, expect, it } from '@jest/globals'
import { urgencies } from '../../../src/protocol/lists/urgencies.ts'
import { lineWordsFor } from '../../../src/protocol/line-words.ts'

describe('the words around a line', () => {
  it.each([
    ['en', 'en', 'ltr'],
    ['en-GB', 'en', 'ltr'],
    ['ar', 'ar', 'rtl'],
    ['AR-EG', 'ar', 'rtl'],
    ['es-MX', 'es', 'ltr'],
    ['de', 'en', 'ltr'],
    ['', 'en', 'ltr'],
  ])('for %j are in %s, written %s', (asked, lang, dir) => {
    expect(lineWordsFor(asked)).toMatchObject({ lang, dir })
  })

  it.each(['en', 'ar', 'es'])('in %s name every urgency and leave none out', (lang) => {
    const { urgency, corrected, pinned, noLines, notLive } = lineWordsFor(lang)
    expect(Object.keys(urgency)).toEqual([...urgencies])
    const all = [...Object.values(urgency), corrected, pinned, noLines, notLive]
    for (const words of all) expect(words).toMatch(/\p{L}/u)
    expect(new Set(all).size).toBe(all.length)
  })
})
