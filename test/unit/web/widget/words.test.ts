import { describe, expect, it } from '@jest/globals'
import { languages } from '../../../../web/widget/languages.ts'
import { ownClockText, ownTimeText } from '../../../../web/widget/own-time-text.ts'
import { wordsFor } from '../../../../web/widget/words-for.ts'
import { english } from '../../../../web/widget/ticker-words.ts'

describe('the texts of a ticker', () => {
  it.each(languages.map((words) => [words.lang, words] as const))('are complete in %s', (_lang, words) => {
    // The table has one more word, for pages.
    expect(Object.keys(words).filter((name) => name !== 'notLive')).toEqual(Object.keys(english))
    const inEnglish: ReadonlyMap<string, unknown> = new Map(Object.entries(english))
    const { urgency: _, times: __, ...texts } = words
    for (const [name, word] of Object.entries(texts)) {
      expect([name, word.trim() !== '']).toEqual([name, true])
      expect([name, word.includes('#')]).toEqual([name, String(inEnglish.get(name)).includes('#')])
    }
  })

  it('are in English if there is no translation', async () => {
    expect(await wordsFor('xx')).toBe(english)
    expect((await wordsFor('ar')).lang).toBe('ar')
  })

  it('are in English beside times in the language where only these are known', async () => {
    expect(await wordsFor('ne')).toEqual({ ...english, times: { lang: 'ne', locale: 'ne' } })
    expect(await wordsFor('ckb')).toEqual({
      ...english,
      times: { lang: 'ckb', locale: 'ckb', text: ownTimeText, clock: ownClockText },
    })
  })
})
