import { describe, expect, it } from '@jest/globals'
import { ownTimeText } from '../../../../web/widget/own-time-text.ts'
import { timesFrom } from '../../../../web/widget/times-from.ts'

const languages = ['ckb', 'my', 'ne', 'ps', 'sd']
const withRelativeTimes = languages.filter((lang) => lang !== 'ckb')

describe('timesFrom', () => {
  // Node has the texts of these languages.
  it.each(withRelativeTimes)('takes a browser that knows %s', (lang) => {
    expect(timesFrom(lang)).toBe('browser')
  })

  it.each(languages)('takes the part where a browser says that it knows %s and does not', (lang) => {
    for (const text of ['5 min. ago', '-5 min', 'vor 5 Min.', '-٥ min'])
      expect(timesFrom(lang, () => text)).toBe('part')
  })

  it('takes the part for Central Kurdish in every browser, since CLDR has no relative times in it', () => {
    expect(timesFrom('ckb')).toBe('part')
  })

  it.each(withRelativeTimes)('compares the text of the part in %s', (lang) => {
    const now = Date.parse('2026-03-14T15:05:00.000Z')
    expect(timesFrom(lang, () => ownTimeText('2026-03-14T15:00:00.000Z', now, lang))).toBe('browser')
  })

  it('leaves other languages alone', () => {
    expect(timesFrom('ru')).toBeUndefined()
  })
})
