import { describe, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { lineWordsFor, translations } from '../../../src/protocol/line-words-for.ts'
import { english as shownWords, type LineWords } from '../../../src/protocol/line-words.ts'
import { urgencies } from '../../../src/protocol/lists/urgencies.ts'
import { languages } from '../../../web/widget/languages.ts'
import { english as tickerEnglish } from '../../../web/widget/ticker-words.ts'
import { wordsFor } from '../../../web/page/words-for.ts'

const english = lineWordsFor('en')
const all = [english, ...translations]

describe('the words around a line', () => {
  it.each([
    ['en', 'en', 'ltr'],
    ['en-GB', 'en', 'ltr'],
    ['ar', 'ar', 'rtl'],
    ['AR-EG', 'ar', 'rtl'],
    ['es-MX', 'es', 'ltr'],
    ['de', 'de', 'ltr'],
    ['fa-IR', 'fa', 'rtl'],
    ['pl', 'en', 'ltr'],
    ['', 'en', 'ltr'],
  ])('for %j are in %s, written %s', (asked, lang, dir) => {
    expect(lineWordsFor(asked)).toMatchObject({ lang, dir })
  })

  it.each(all.map((words) => [words.lang, words] as const))(
    'in %s are complete and all different',
    (_, words) => {
      const { lang, dir, urgency, ...others } = words
      expect(Object.keys(urgency)).toEqual([...urgencies])
      expect(Object.keys(words)).toEqual(Object.keys(english))
      const said = [...Object.values(urgency), ...Object.values(others)]
      for (const word of said) expect([lang, dir, word]).toEqual([lang, dir, expect.stringMatching(/\p{L}/u)])
      expect(new Set(said).size).toBe(said.length)
    },
  )

  it('call the highest urgency in Arabic as its channels do, and no lower one', () => {
    const { flash, ...lower } = lineWordsFor('ar').urgency
    expect(flash).toBe('عاجل')
    for (const word of Object.values(lower)) expect(word).not.toContain(flash)
  })

  it('are the same in the ticker and on the page, in every language', () => {
    const names = Object.keys(shownWords) as (keyof LineWords)[]
    const shared = (words: LineWords) => names.map((name) => words[name])
    for (const words of all) {
      const ticker = words === english ? tickerEnglish : languages.find(({ lang }) => lang === words.lang)
      expect(ticker && shared(ticker)).toEqual(shared(words))
      expect(shared(wordsFor(words))).toEqual(shared(words))
    }
  })
})

describe('the sign of an urgency', () => {
  const sheets = ['web/widget/ticker.css', 'web/embed/frame.css', 'web/page/page.css']
  const signsIn = async (sheet: string): Promise<Record<string, string | undefined>> => {
    const css = await readFile(new URL(`../../../${sheet}`, import.meta.url), 'utf8')
    const ofAll = /^\.(?:flashline-)?urgency::before \{[^}]*clip-path: ([^;]+);/m.exec(css)
    const own = css.matchAll(
      /^\[data-urgency='(\w+)'\] \.(?:flashline-)?urgency::before \{\s*clip-path: ([^;]+);/gm,
    )
    const signs = Array.from(own, ([, name = '', shape]): [string, string | undefined] => [name, shape])
    return { routine: ofAll?.[1], ...Object.fromEntries(signs) }
  }

  it('is the same in the ticker, in frames and on the page, and each has its own', async () => {
    const [ticker = {}, ...others] = await Promise.all(sheets.map(signsIn))
    expect(Object.keys(ticker).sort()).toEqual([...urgencies].sort())
    expect(new Set(Object.values(ticker)).size).toBe(urgencies.length)
    for (const other of others) expect(other).toEqual(ticker)
  })
})
