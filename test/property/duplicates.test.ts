import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { comparableText, nearly } from '../../src/desk/duplicates.ts'

interface Language {
  readonly subjects: readonly string[]
  readonly verbs: readonly string[]
  readonly tails: readonly string[]
  /** Two pieces of each are different news in the same place. */
  readonly numbers: readonly string[]
  readonly negation: string
  readonly labels: readonly string[]
  readonly space: string
}

const languages: Readonly<Record<string, Language>> = {
  English: {
    subjects: ['Iran', 'Israel', 'Marrowick', 'The mayor', 'Zambia', 'Gambia'],
    verbs: ['attacks', 'sues', 'warns', 'defeats'],
    tails: ['in the north', 'after the vote', 'on Friday night', ''],
    numbers: [
      '−300',
      '+300',
      '300',
      '3',
      '3.5',
      '35',
      '$5m',
      '€5m',
      '5m',
      '5bn',
      '<50%',
      '>50%',
      '50%',
      '½',
      'II',
      'III',
    ],
    negation: 'not',
    labels: ['BREAKING: ', 'URGENT – ', '🚨 Breaking news | ', '[UPDATE 2] ', 'JUST IN! '],
    space: ' ',
  },
  German: {
    subjects: ['Österreich', 'Australien', 'Die Ministerin', 'Bern'],
    verbs: ['verklagt', 'besiegt', 'warnt'],
    tails: ['im Norden', 'nach der Wahl', ''],
    numbers: ['5 Euro', '5 Dollar', '4,5 %', '45 %', '5 Millionen', '5 Milliarden'],
    negation: 'nicht',
    labels: ['EILMELDUNG: ', 'Eil: ', '+++ EIL +++ '],
    space: ' ',
  },
  Russian: {
    subjects: ['Иран', 'Израиль', 'Париж', 'Лондон'],
    verbs: ['атакует', 'обвиняет'],
    tails: ['на севере', 'после выборов', ''],
    numbers: ['5 рублей', '5 долларов', '-5', '5', '5 миллионов', '5 миллиардов'],
    negation: 'не',
    labels: ['СРОЧНО: ', 'Молния! ', '⚡️ Срочно — '],
    space: ' ',
  },
  Arabic: {
    subjects: ['إيران', 'إسرائيل', 'باريس', 'لندن'],
    verbs: ['تهاجم', 'تتهم'],
    tails: ['في الشمال', 'بعد التصويت', ''],
    numbers: ['٣', '٥', '٣٫٥', '٣٥', '٥ دولار', '٥ يورو', '-٥', '٥٪', '>٥'],
    negation: 'لا',
    labels: ['عاجل: ', 'عاجل | ', '🔴 خبر عاجل – '],
    space: ' ',
  },
  Persian: {
    subjects: ['ایران', 'اسرائیل', 'تهران'],
    verbs: ['حمله‌ور شد', 'متهم شد'],
    tails: ['در شمال', ''],
    numbers: ['۳', '۵', '۵ ریال', '۵ تومان', '۵ دلار', '−۵'],
    negation: 'نه',
    labels: ['فوری: ', 'خبر فوری | '],
    space: ' ',
  },
  Hindi: {
    subjects: ['ईरान', 'इज़राइल', 'दिल्ली'],
    verbs: ['पर हमला', 'की जीत'],
    tails: ['आज शाम', ''],
    numbers: ['३', '५', '₹५', '$५', '५ लाख', '५ करोड़', '-५'],
    negation: 'नहीं',
    labels: ['ब्रेकिंग न्यूज़: ', 'ब्रेकिंग: '],
    space: ' ',
  },
  Japanese: {
    subjects: ['イランが', '東京が', '大阪が'],
    verbs: ['攻撃', '勝利'],
    tails: ['北部で', ''],
    numbers: ['5万円', '5億円', '-5', '5', '5%', '3'],
    negation: 'ない',
    labels: ['【速報】', '速報：', '【号外】'],
    space: '',
  },
}

interface News {
  readonly language: Language
  readonly pieces: Readonly<Record<'subject' | 'verb' | 'object' | 'number' | 'tail', string>>
}

const news = fc.constantFrom(...Object.values(languages)).chain((language) =>
  fc
    .record({
      names: fc.shuffledSubarray([...language.subjects], { minLength: 2, maxLength: 2 }),
      verb: fc.constantFrom(...language.verbs),
      number: fc.constantFrom(...language.numbers),
      tail: fc.constantFrom(...language.tails),
    })
    .map(({ names: [subject = '', object = ''], ...rest }) => ({
      language,
      pieces: { subject, object, ...rest },
    })),
)

function textOf({ language, pieces }: News): string {
  const { subject, verb, object, number, tail } = pieces
  return [subject, verb, object, number, tail].filter((piece) => piece !== '').join(language.space)
}

const INVISIBLE = [
  '\u00ad',
  '\u034f',
  '\u200b',
  '\u200d',
  '\u200f',
  '\u2060',
  '\ufe0f',
  '\u{e0101}',
  '\u{e0020}',
  '\u115f',
]

/** An edit that leaves the news as it is; each takes a random place. */
const edits: Readonly<Record<string, (text: string, language: Language, place: number) => string>> = {
  'more space': (text) => ` ${text.replaceAll(' ', ' \u00a0 ')} `,
  'upper case': (text) => text.toUpperCase(),
  'lower case': (text) => text.toLowerCase(),
  'a mark at the end': (text, _language, place) => `${text}${['!', '.', '…', ' –', '!!'][place % 5]}`,
  quotes: (text, _language, place) => ['“%”', '«%»', '「%」', "'%'"][place % 4]?.replace('%', text) ?? text,
  'a comma between words': (text) => text.replace(/(?<=\p{L}) (?=\p{L})/u, ', '),
  'a label in front': (text, { labels }, place) => `${labels[place % labels.length]}${text}`,
  'two labels in front': (text, { labels }, place) => `${labels[place % labels.length]}${labels[0]}${text}`,
  'an invisible character': (text, _language, place) => {
    const characters = Array.from(text)
    const at = place % (characters.length + 1)
    return [...characters.slice(0, at), INVISIBLE[place % INVISIBLE.length], ...characters.slice(at)].join('')
  },
  'decomposed letters': (text) => text.normalize('NFD'),
}

/** A change that makes other news; undefined where it does not apply. */
const changes: Readonly<Record<string, (news: News, place: number) => News | undefined>> = {
  'another number, sign, currency or unit': ({ language, pieces }, place) => {
    const others = language.numbers.filter((number) => number !== pieces.number)
    return { language, pieces: { ...pieces, number: others[place % others.length] ?? '' } }
  },
  'no number': ({ language, pieces }) => ({ language, pieces: { ...pieces, number: '' } }),
  'another order of names': ({ language, pieces }) => {
    const { subject, object } = pieces
    return { language, pieces: { ...pieces, subject: object, object: subject } }
  },
  'a negation': ({ language, pieces }) => {
    const verb = `${language.negation}${language.space}${pieces.verb}`
    return { language, pieces: { ...pieces, verb } }
  },
  'another verb': ({ language, pieces }, place) => {
    const others = language.verbs.filter((verb) => verb !== pieces.verb)
    return { language, pieces: { ...pieces, verb: others[place % others.length] ?? '' } }
  },
  'a question': ({ language, pieces }) => ({ language, pieces: { ...pieces, tail: `${pieces.tail}?` } }),
}

const places = fc.nat({ max: 10_000 })

describe('a text is near to itself with', () => {
  it.each(Object.entries(edits))('%s', (_what, edit) => {
    fc.assert(
      fc.property(news, places, (each, place) => {
        const text = textOf(each)
        const edited = edit(text, each.language, place)
        expect([edited, nearly(text)(edited), nearly(edited)(text)]).toEqual([edited, true, true])
        expect(comparableText(edited)).toBe(comparableText(text))
      }),
      { numRuns: 300 },
    )
  })
})

describe('a text is other news with', () => {
  it.each(Object.entries(changes))('%s', (_what, change) => {
    fc.assert(
      fc.property(news, places, places, (each, place, edited) => {
        const changed = change(each, place)
        if (changed === undefined) return
        const [text, other] = [textOf(each), textOf(changed)]
        // An edit beside the change does not hide it.
        const [edit] = Object.values(edits).slice(edited % Object.keys(edits).length)
        const final = edit?.(other, each.language, place) ?? other
        expect([text, final, nearly(text)(final), nearly(final)(text)]).toEqual([text, final, false, false])
        expect(comparableText(final)).not.toBe(comparableText(text))
      }),
      { numRuns: 300 },
    )
  })
})

const thousands = (digits: string, mark: string) => digits.replace(/\B(?=(\d{3})+$)/g, mark)
const indian = (digits: string) => digits.replace(/\B(?=(\d\d)*\d{3}$)/g, ',')
const inDigits = (zero: number) => (text: string) =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))
const same = (text: string) => text
/** The spellings of a whole number, with the decimal mark that goes with each. */
const spellings: readonly ((digits: string) => string)[] = [
  same,
  (digits) => thousands(digits, ','),
  indian,
  ...['\u00a0', '\u202f', '\u2009', '’'].map((mark) => (digits: string) => thousands(digits, mark)),
]
const scripts = [same, inDigits(0x660), inDigits(0x6f0), inDigits(0x966), inDigits(0xff10)]

it('equal numbers are equal in every spelling, and other numbers in none', () => {
  const number = fc.integer({ min: 0, max: 9_999_999_999 })
  const written = fc.record({ spell: fc.constantFrom(...spellings), script: fc.constantFrom(...scripts) })
  const tail = fc.constantFrom('', '.5', '.25', '.125')
  fc.assert(
    fc.property(number, number, written, written, tail, tail, (one, other, left, right, short, long) => {
      const text = ({ spell, script }: typeof left, value: number, decimals: string) =>
        `Storm: ${script(spell(String(value)) + decimals)} homes`
      const isEqual = (value: number, decimals: string) =>
        comparableText(text(left, one, short)) === comparableText(text(right, value, decimals))
      expect(isEqual(one, short)).toBe(true)
      expect(isEqual(other, long)).toBe(one === other && short === long)
      expect(isEqual(one, long)).toBe(short === long)
    }),
    { numRuns: 2_000 },
  )
})
