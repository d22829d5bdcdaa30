import { describe, expect, it } from '@jest/globals'
import { comparableText, nearly } from '../../../src/desk/duplicates.ts'
import { cpuMsOf } from '../../support/cpu-time.ts'

const tags = (letters: string) =>
  `🏴${Array.from(letters, (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')}\u{e007f}`

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
    ['labels in front', '🚨 BREAKING NEWS: URGENT – Tarrow Bridge closed', 'Tarrow Bridge closed'],
    ['a label in brackets', '[UPDATE 2] Tarrow Bridge closed', 'Tarrow Bridge closed'],
    ['a label as a hashtag', '#ÚltimaHora Dos muertos', 'Dos muertos'],
    ['a label with a full stop', 'URGENT. Deux morts', 'Deux morts'],
    ['labels in Chinese brackets', '【速報】東京で地震', '東京で地震'],
    ['invisible characters', 'Tar\ufe0frow Br\u200fidge clo\u00adsed', 'Tarrow Bridge closed'],
    ['forms of the minus', 'Jobs −300', 'Jobs -300'],
    ['a space before a unit', '5m euros at 50%', '5 m euros at 50 %'],
    ['forms of the percent sign', 'نسبة ٥٠٪', 'نسبة 50%'],
    ['Arabic marks of decimals', '٣٫٥ و ١٬٢٠٠', '3.5 و 1,200'],
    ['groups of digits', 'Storm: 1,200 homes without power', 'Storm: 1200 homes without power'],
    ['several groups', 'Fine of 1,234,567 euros', 'Fine of 1234567 euros'],
    ['groups of two, as in India', 'Fine of 12,34,567 rupees', 'Fine of 1234567 rupees'],
    ['groups and decimals', 'Index at 12,345.67', 'Index at 12345.67'],
    ['groups with points', 'Strafe von 1.200.000 Euro', 'Strafe von 1200000 Euro'],
    ['groups with points and a decimal comma', 'Index bei 1.200,5', 'Index bei 1200,5'],
    ['Swiss groups', 'Busse von 1’200 Franken', 'Busse von 1200 Franken'],
    ['narrow spaces in a number', '1\u202f200\u202f000 morts', '1200000 morts'],
    ['no-break spaces in a number', '12\u00a0500 домов', '12500 домов'],
    ['groups of Arabic digits', 'مقتل ١٬٢٠٠ شخص', 'مقتل 1200 شخص'],
    ['groups of Persian digits with a comma', '۱,۲۰۰ کشته', '۱۲۰۰ کشته'],
    ['groups of Hindi digits', '१२,३४,५६७ मतदाता', '1234567 मतदाता'],
    ['groups of wide digits', '１，２００人が避難', '1200人が避難'],
    ['spellings of a rank', '#1 team out of the cup', 'No. 1 team out of the cup'],
    ['signs of a rank', '№ 1 team out of the cup', '#1 team out of the cup'],
    ['hashtags of years', '#2028 election called off', '2028 election called off'],
    ['hashtags with a letter behind the number', '#3D film wins', '3D film wins'],
    ['punctuation of a script without spaces', '東京で震度５強の地震。', '東京で震度5強の地震'],
  ])('%s make no difference', (_what, one, other) => {
    expect(comparableText(one)).toBe(comparableText(other))
  })

  it.each([
    ['numbers', '3 dead in crash', '5 dead in crash'],
    ['decimals', 'Rate at 4.5 %', 'Rate at 45 %'],
    ['a rank and a number', '#1 team out of the cup', '1 team out of the cup'],
    ['three decimals', 'Winner needs 1.200 seconds', 'Winner needs 1200 seconds'],
    ['three decimals and groups', 'Benzin kostet 1.739', 'Benzin kostet 1,739'],
    ['decimals after a zero', 'Rate at 0,125 %', 'Rate at 125 %'],
    ['two decimals behind a comma', 'Rate at 1,20 %', 'Rate at 120 %'],
    ['four digits behind a comma', 'Code 1,2345', 'Code 12345'],
    ['more than three digits before a comma', 'In 2019,200 died', 'In 2019200 died'],
    ['a zero in front of a group', 'Code 0,200', 'Code 0200'],
    ['two numbers with a space', 'Group 5 200 dead', 'Group 5200 dead'],
    ['a year before a no-break space', 'In 2019\u00a0200 died', 'In 2019200 died'],
    ['four digits behind a no-break space', 'Flight 12\u00a03456', 'Flight 123456'],
    ['decimals before a no-break space', 'Up 3.5\u00a0200 dead', 'Up 3.5200 dead'],
    ['groups of two with a short end', 'Score 12,34,56', 'Score 123456'],
    ['one group with a point', 'Run 12.345', 'Run 12345'],
    ['decimals without a zero', 'Rate at .5 %', 'Rate at 5 %'],
    ['signs', 'Jobs: −300', 'Jobs: +300'],
    ['a sign that is missing', 'Jobs: -300', 'Jobs: 300'],
    ['a sign behind, as in Arabic', 'وظائف 300-', 'وظائف 300'],
    ['currencies', 'Fine of $5m', 'Fine of €5m'],
    ['currency words', 'غرامة ٥ دولار', 'غرامة ٥ يورو'],
    ['Hindi currency signs', '₹५०० जुर्माना', '$५०० जुर्माना'],
    ['comparisons', 'Turnout <50 %', 'Turnout >50 %'],
    ['a stroke through a sign', 'a ≠ b', 'a = b'],
    ['grades', 'Grade C', 'Grade C+'],
    ['grades with a minus', 'Rating BBB', 'Rating BBB-'],
    ['powers', '10² litres', '102 litres'],
    ['fractions', '3/4 of voters', '3, 4 of voters'],
    ['questions', 'President dead?', 'President dead'],
    ['Arabic questions', 'مات الرئيس؟', 'مات الرئيس'],
    ['the order of words', 'Iran attacks Israel', 'Israel attacks Iran'],
    ['the order of words in Chinese', '伊朗袭击以色列', '以色列袭击伊朗'],
    ['particles in Japanese', 'イランがイスラエルを攻撃', 'イランをイスラエルが攻撃'],
    ['flags', '🇮🇷 wins', '🇮🇶 wins'],
    ['flags of subdivisions', `${tags('gbeng')} wins`, `${tags('gbwls')} wins`],
    ['tones', 'Nhà bán ở đây ạ', 'Nhà bạn ở đây ạ'],
    ['scales', '5 million dead', '5 billion dead'],
    ['Persian numbers', 'کشته شدن ۳ نفر', 'کشته شدن ۵ نفر'],
    ['Arabic numbers', 'مقتل ٣ أشخاص', 'مقتل ٥ أشخاص'],
    ['vowel signs that are letters', 'कि', 'की'],
    ['voiced kana', 'かき', 'がき'],
  ])('%s make a difference', (_what, one, other) => {
    expect(comparableText(one)).not.toBe(comparableText(other))
  })
})

it('is compared at once, however long and strange it is', async () => {
  const comparedMs = await cpuMsOf(() => {
    for (const text of [
      '-'.repeat(1_120),
      '1/'.repeat(500),
      'a '.repeat(500),
      '[ '.repeat(560),
      '速'.repeat(1_000),
    ]) {
      expect(nearly(text)(`${text}!`)).toBe(comparableText(text) !== '')
    }
  })
  expect(comparedMs).toBeLessThan(2_000)
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
    ['an added label', 'Two killed in blast', 'BREAKING: Two killed in blast'],
    ['an added label, Turkish', 'Ankara’da deprem', 'SON DAKİKA | Ankara’da deprem'],
    ['invisible characters', 'Bridge closed', 'Br\ufe0fidge clo\u200fsed'],
    [
      'one more word in a long text',
      'Storm hits northern coast during night',
      'Heavy storm hits northern coast during night',
    ],
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
      'aab bbc ccd dde eef ffg ggh hhi iij jjk kkl llm mmn nno oop ppq qqr',
      'aab bbc ccd dde eef ffg ggh hhi iij jjk kkl llm mmn nno oop ppq qqr and there some words come behind',
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
    ['another sign', 'Jobs in the city fell by −300 in May', 'Jobs in the city fell by +300 in May'],
    ['an added sign', 'Storm hits coast with winds of 90 kmh', 'Storm hits coast with winds of >90 kmh'],
    [
      'an added unit',
      'Company fined 5 by court in the city today',
      'Company fined 5m by court in the city today',
    ],
    [
      'another country of the currency',
      'Bank in the city fined $5m by court',
      'Bank in the city fined A$5m by court',
    ],
    ['the order of names', 'Iran attacks Israel with missiles', 'Israel attacks Iran with missiles'],
    ['the order of names, Arabic', 'إيران تهاجم إسرائيل بالصواريخ', 'إسرائيل تهاجم إيران بالصواريخ'],
    ['the order of names, Hindi', 'ईरान ने इज़राइल पर हमला किया', 'इज़राइल ने ईरान पर हमला किया'],
    ['two endings that change places, Russian', 'Путин обвинил Трампа', 'Путина обвинил Трамп'],
    ['two endings that change places, Turkish', 'İran İsrail’i vurdu', 'İran’ı İsrail vurdu'],
    ['articles that change places, German', 'Der Hund beißt den Mann', 'Den Hund beißt der Mann'],
    [
      'a passive',
      'Iran attacked Israel on Friday night in Haifa',
      'Iran attacked by Israel on Friday night in Haifa',
    ],
    ['a passive, Swedish', 'Polisen mördade i centrala Malmö', 'Polisen mördades i centrala Malmö'],
    [
      'a denial',
      'Minister resigns after the vote today in Rome',
      'Minister denies resigns after the vote today in Rome',
    ],
    [
      'a negation',
      'Tarrow Bridge is closed after crack is found',
      'Tarrow Bridge is not closed after crack is found',
    ],
    ['a contraction', 'The minister can resign before Friday', 'The minister can’t resign before Friday'],
    [
      'a negation, French',
      'Le ministre démissionne à Paris ce soir',
      'Le ministre ne démissionne à Paris ce soir',
    ],
    [
      'a negation, Russian',
      'Министр ушел в отставку после голосования вчера',
      'Министр не ушел в отставку после голосования вчера',
    ],
    [
      'a negation, Arabic',
      'استقال رئيس الحكومة بعد التصويت اليوم',
      'لم استقال رئيس الحكومة بعد التصويت اليوم',
    ],
    ['a negation in a word, Persian', 'وزیر استعفا خواهد داد', 'وزیر استعفا نخواهد داد'],
    ['a negation, Hindi', 'मंत्री ने आज शाम इस्तीफा दिया है', 'मंत्री ने आज शाम इस्तीफा नहीं दिया है'],
    ['a negation, Japanese', '首相は今日辞任する', '首相は今日辞任しない'],
    [
      'a possibility',
      'Bridge in the old town closes on Monday',
      'Bridge in the old town may closes on Monday',
    ],
    [
      'another scale',
      'Firm to pay 5 million in damages to the city',
      'Firm to pay 5 billion in damages to the city',
    ],
    [
      'another letter',
      'Minister hired by the bank after the vote',
      'Minister fired by the bank after the vote',
    ],
    ['another role', 'Employer sues bank over pay of workers', 'Employee sues bank over pay of workers'],
    ['a question', 'Has the president of the bank died', 'Has the president of the bank died?'],
    [
      'a cross',
      'Budget for the coming year approved in full ✅',
      'Budget for the coming year approved in full ❌',
    ],
    [
      'a regnal number',
      'Statue of Louis XVII found in Paris cellar',
      'Statue of Louis XVIII found in Paris cellar',
    ],
    ['a source in place of its news', 'Iran: Israel must give up', 'Israel: Iran must give up'],
    ['a source without its colon', 'Iran: Israel attacks', 'Israel attacks Iran'],
    ['Japanese, another city', '東京で震度5強の地震', '大阪で震度5強の地震'],
    ['Thai, another city', 'น้ำท่วมกรุงเทพ', 'น้ำท่วมเชียงใหม่'],
    ['nothing in common', 'Goal for Marrowick', 'Prime minister resigns'],
    ['no words at all', '!!!', '???'],
  ])('is different: %s', (_what, visible, posted) => {
    expect(nearly(visible)(posted)).toBe(false)
    expect(nearly(posted)(visible)).toBe(false)
  })
})
