import { describe, expect, it } from '@jest/globals'
import { comparableText, nearly } from '../../../src/desk/duplicates.ts'

describe('the comparable text', () => {
  it.each([
    ['case and punctuation', 'BREAKING: Tarrow Bridge closed!', 'Breaking – Tarrow Bridge closed'],
    ['accents', 'Café in Málaga evacuated', 'Cafe in Malaga evacuated'],
    ['apostrophes', 'Minister won’t resign', "Minister won't resign"],
    ['initials', 'U.S. troops leave', 'US troops leave'],
    ['width of letters and digits', 'Flug ４４７ vermisst', 'Flug 447 vermisst'],
    ['Turkish capitals', 'İSTANBUL’DA DEPREM', 'İstanbul’da deprem'],
    ['Greek capitals and accents', 'ΣΕΙΣΜΌΣ ΣΤΗΝ ΑΘΉΝΑ', 'Σεισμός στην Αθήνα'],
    ['Cyrillic capitals', 'ЗЕМЛЕТРЯСЕНИЕ В ТОКИО', 'Землетрясение в Токио'],
    ['German capitals', 'STRASSE GESPERRT', 'Straße gesperrt'],
    ['Arabic vowel points', 'عَاجِل: زِلزال في إسطنبول', 'عاجل: زلزال في إسطنبول'],
    ['interchangeable Arabic letters', 'إغلاق المدرسة', 'اغلاق المدرسه'],
    ['the Arabic tatweel', 'عـــاجل زلزال', 'عاجل زلزال'],
    ['Arabic digits', 'مقتل ٣ أشخاص', 'مقتل 3 أشخاص'],
    ['Persian and Arabic letters', 'ایران کابل', 'ايران كابل'],
    ['Hebrew vowel points', 'שָׁלוֹם', 'שלום'],
    ['punctuation of a script without spaces', '東京で震度５強の地震。', '東京で震度5強の地震'],
  ])('%s make no difference', (_what, one, other) => {
    expect(comparableText(one)).toBe(comparableText(other))
  })

  it.each([
    ['numbers', '3 dead in crash', '5 dead in crash'],
    ['decimals', 'Rate at 4.5 %', 'Rate at 45 %'],
    ['Arabic numbers', 'مقتل ٣ أشخاص', 'مقتل ٥ أشخاص'],
    ['vowel signs that are letters', 'कि', 'की'],
    ['voiced kana', 'かき', 'がき'],
  ])('%s make a difference', (_what, one, other) => {
    expect(comparableText(one)).not.toBe(comparableText(other))
  })
})

/** The left text shows, an editor posts the right one. */
describe('a posted text', () => {
  it.each([
    [
      'an inflected word',
      'Tarrow Bridge closed after crack is found',
      'Tarrow Bridge closed after cracks found',
    ],
    ['a plural of a short word', 'Two car crash on bridge road', 'Two cars crash on bridge road'],
    ['a typo', 'Government falls in Marrowick', 'Goverment falls in Marrowick'],
    ['the source in front', '3 dead in bridge collapse: police', 'Police: 3 dead in bridge collapse'],
    ['one more word', 'Prime minister resigns after vote', 'Prime minister resigns after lost vote'],
    ['an added "BREAKING"', 'Earthquake hits northern coast', 'BREAKING Earthquake hits northern coast'],
    ['Spanish', 'Dimite la ministra de Sanidad', 'Dimite ministra de Sanidad'],
    ['German', 'Brücke nach Riss gesperrt worden', 'Brücke nach Risse gesperrt worden'],
    ['Arabic', 'زلزال يضرب الساحل الشمالي للبلاد', 'عاجل: زلزال يضرب الساحل الشمالي للبلاد'],
    ['Arabic, another spelling', 'استقالة رئيس الحكومة بعد التصويت', 'إستقالة رئيس الحكومه بعد التصويت'],
    ['Hindi', 'दिल्ली में भूकंप के तेज झटके', 'दिल्ली में भूकंप के झटके'],
    ['Japanese', '東京で震度5強の地震', '東京で震度5強の地震発生'],
    [
      'six words more than seventeen',
      'a1 b2 c3 d4 e5 f6 g7 h8 i9 j1 k2 l3 m4 n5 o6 p7 q8',
      'a1 b2 c3 d4 e5 f6 g7 h8 i9 j1 k2 l3 m4 n5 o6 p7 q8 and then six words come behind',
    ],
    ['Russian', 'Землетрясение произошло у берегов Японии', 'Землетрясение произошло у берегов Японий'],
  ])('is nearly equal: %s', (_what, visible, posted) => {
    expect(nearly(visible)(posted)).toBe(true)
    expect(nearly(posted)(visible)).toBe(true)
  })

  it.each([
    ['another place', 'President wins in Ohio', 'President wins in Utah'],
    ['a place with nearly the same name', 'Coup in Iran', 'Coup in Iraq'],
    [
      'the opposite coast',
      'Storm warning for northern coast until Friday',
      'Storm warning for southern coast until Friday',
    ],
    ['another number', '3 dead in bridge collapse', '7 dead in bridge collapse'],
    [
      'an added number',
      'Many dead in bridge collapse at Tarrow',
      '12 many dead in bridge collapse at Tarrow',
    ],
    ['a number at the end of a word', 'Bridge closed by flood', 'Bridge closed by flood2'],
    ['a letter more in a word of two', 'No to the vote', 'Not to the vote'],
    ['the opposite', 'Tarrow Bridge closed', 'Tarrow Bridge open again'],
    ['a negation in a short line', 'Bridge closed', 'Bridge not closed'],
    ['many more words', 'Bridge closed', 'Bridge closed after crack is found in second pillar'],
    ['Arabic, another city', 'زلزال يضرب مدينة إسطنبول', 'زلزال يضرب مدينة أنقرة'],
    ['Arabic, another number', 'مقتل ٣ أشخاص في انفجار', 'مقتل ٥ أشخاص في انفجار'],
    ['Japanese, another city', '東京で震度5強の地震', '大阪で震度5強の地震'],
    ['Thai, another city', 'น้ำท่วมกรุงเทพ', 'น้ำท่วมเชียงใหม่'],
    ['nothing in common', 'Goal for Marrowick', 'Prime minister resigns'],
    ['no words at all', '!!!', '???'],
  ])('is different: %s', (_what, visible, posted) => {
    expect(nearly(visible)(posted)).toBe(false)
    expect(nearly(posted)(visible)).toBe(false)
  })
})
