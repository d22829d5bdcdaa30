import { describe, expect, it } from '@jest/globals'
import { clockText, timeText } from '../../../../web/lines/time-text.ts'
import { ownClockText, ownTimeText } from '../../../../web/widget/own-time-text.ts'

const now = Date.parse('2026-03-14T15:00:00.000Z')
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString()
const languages = ['ckb', 'my', 'ne', 'ps', 'sd']
const withRelativeTimes = languages.filter((lang) => lang !== 'ckb')

describe('ownTimeText', () => {
  it.each([
    { lang: 'ckb', texts: ['١٥:٠٠', '١٤:٥٩', '١٤:٠٠', '١٣ی ئازار ٢٣:٥٩'] },
    { lang: 'my', texts: ['ယခု', 'ပြီးခဲ့သည့် ၁ မိနစ်', '၁၄:၀၀', 'မတ် ၁၃ ၂၃:၅၉'] },
    { lang: 'ne', texts: ['अहिले', '१ मिनेट पहिले', '१४:००', 'मार्च १३, २३:५९'] },
    { lang: 'ps', texts: ['اوس', '۱ دقيقه مخکې', '۱۴:۰۰', 'کب ۲۲ ۲۳:۵۹'] },
    { lang: 'sd', texts: ['هاڻي', '١ منٽ پهرين', '١٤:٠٠', 'مارچ ١٣ ٢٣:٥٩'] },
  ])('has the words and digits of $lang', ({ lang, texts }) => {
    const written = [0, 1, 60, 15 * 60 + 1].map((minutes) => ownTimeText(ago(minutes), now, lang, 'UTC'))
    expect(written).toEqual(texts)
  })

  // Node has the texts of all these languages; browsers do not.
  it.each(withRelativeTimes)('says the same as Unicode CLDR for every minute of an hour in %s', (lang) => {
    for (let minutes = 0; minutes < 60; minutes++)
      expect(ownTimeText(ago(minutes), now, lang)).toBe(timeText(ago(minutes), now, lang))
  })

  it.each(languages)('says the same as Unicode CLDR for every day of 400 in %s', (lang) => {
    for (let day = 1; day <= 400; day++) {
      const instant = ago(day * 24 * 60 + 61 * (day % 24))
      expect(ownTimeText(instant, now, lang, 'Asia/Kabul')).toBe(timeText(instant, now, lang, 'Asia/Kabul'))
    }
  })

  it('keeps the date away on the day of the reader, not on that of the server', () => {
    expect(ownTimeText('2026-03-13T23:30:00.000Z', now, 'ne', 'Asia/Kathmandu')).toBe('०५:१५')
    expect(ownTimeText('2026-03-13T18:00:00.000Z', now, 'ne', 'Asia/Kathmandu')).toBe('मार्च १३, २३:४५')
  })

  it('is empty for an invalid time', () => {
    expect(ownTimeText('yesterday', now, 'my')).toBe('')
  })
})

describe('ownClockText', () => {
  it.each(languages)('has the time of day within the last hour too, as Unicode CLDR in %s', (lang) => {
    for (const minutes of [0, 5, 59, 24 * 60])
      expect(ownClockText(ago(minutes), now, lang)).toBe(clockText(ago(minutes), now, lang))
  })

  it('is empty for an invalid time', () => {
    expect(ownClockText('yesterday', now, 'my')).toBe('')
  })
})
