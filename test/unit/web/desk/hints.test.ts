import { expect, it } from '@jest/globals'
import { hintsOf, wordsIn, type Hint } from '../../../../web/desk/composer/hints.ts'

it.each<[lang: string, text: string, hints: Hint[]]>([
  ['en', 'Tarrow Bridge closed after crack is found', []],
  ['en', 'Three dead, two hurt; why? Police: gas', []],
  ['en', 'Goal in minute 12 of ١٢', ['mixedDigits']],
  ['ar', 'مقتل ١٢ وإصابة 30', ['mixedDigits']],
  ['ar', 'مقتل ١٢ وإصابة ٣٠', []],
  ['fa', 'کشته شدن ۱۲ و ١٣ نفر', ['mixedDigits']],
  ['ar', 'إغلاق الجسر, والسبب شرخ', ['latinPunctuation']],
  ['ar', 'من المسؤول ?', ['latinPunctuation']],
  ['ar', 'إغلاق الجسر، والسبب شرخ؛ من المسؤول؟', []],
  ['ar', 'الميزانية 1,200 مليون', []],
  ['ar', 'عـــاجل من الميناء', ['tatweel']],
  ['es', 'El puente  cierra', ['doubleSpace']],
  ['es', 'El puente cierra  ', []],
  ['en', 'Mayor “we will rebuild”', ['speakerWithoutColon']],
  ['en', 'Mayor: “we will rebuild”', []],
  ['ar', 'رئيس البلدية «سنعيد البناء»', ['speakerWithoutColon']],
  ['en', 'The court bans the word "fresh" on bread', []],
  ['en', 'one '.repeat(20), []],
  ['en', 'one '.repeat(21), ['manyWords']],
])('a line in %s, “%s”, gets the hints %j', (lang, text, hints) => {
  expect(hintsOf({ text, speaker: '', lang })).toEqual(hints)
})

it('takes no quotation for a name once the speaker has its field', () => {
  expect(hintsOf({ text: 'Mayor “we will rebuild”', speaker: 'Mayor', lang: 'en' })).toEqual([])
})

it('counts words by the rules of the language', () => {
  expect(wordsIn('Bridge closed: 1,200 cars', 'en')).toBe(4)
  expect(wordsIn('إغلاق الجسر، والسبب شرخ', 'ar')).toBe(4)
})
