import { TAG_FLAGS } from '../protocol/characters.ts'
import { attentionEmoji, meaningEmoji, meaningWords } from './meaning-words.ts'
import { withJoinedGroups, withPlainNumbers } from './number-spellings.ts'
import { withoutLabels } from './without-labels.ts'
import { fold, segmentsOf } from './words.ts'

/** A word, number or sign of a text, in the form in which it is compared. */
export interface ComparableWord {
  readonly text: string
  /** A number or the sign of a currency. */
  readonly isNumber: boolean
  /** A text with this word more than another one is other news. */
  readonly changesMeaning: boolean
}

/** A text as it is compared with others. */
export interface ComparableText {
  readonly words: readonly ComparableWord[]
  /** The words before and after the only colon or dash, as in "Police: three dead". */
  readonly parts?: readonly [readonly ComparableWord[], readonly ComparableWord[]]
}

/** Memory for a few feeds' strips and waiting headlines. */
const MOST_REMEMBERED = 2_000
const remembered = new Map<string, ComparableText>()

/** Without labels in front ("BREAKING:"), case, accents, punctuation and invisible characters; signs stay. */
export function comparable(text: string): ComparableText {
  const known = remembered.get(text)
  if (known) return known
  const made = read(text)
  if (remembered.size >= MOST_REMEMBERED) remembered.delete(remembered.keys().next().value ?? '')
  remembered.set(text, made)
  return made
}

function read(text: string): ComparableText {
  const folded = withoutLabels(withSigns(text))
  const [before = '', after = '', ...more] = folded.split(DIVISION)
  const words = wordsIn(folded)
  if (more.length > 0 || before.trim() === '' || after.trim() === '') return { words }
  return { words, parts: [wordsIn(before), wordsIn(after)] }
}

/** A colon that is not in a time or score, or a dash with spaces around it. */
const DIVISION = /(?<!\d):|:(?!\d)|\s[-\u2013\u2014|]\s/u

/** Letters of scripts that write no space before a number. */
const UNSPACED =
  '[\\p{scx=Hani}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]'
const DASH = '[-\\u2010\\u2012-\\u2015\\u2212]'
/** A dash directly before a number, also with a currency between them: -300, −$5. */
const MINUS_BEFORE = new RegExp(
  `(?<!\\p{N}|(?!${UNSPACED})[\\p{L}\\p{M}])${DASH}(?=(?:[a-z]{0,3}\\p{Sc}\\s?)?[.,]?\\d)`,
  'gu',
)
/** A dash directly behind a number or a grade: 300-, C-, BBB-. */
const MINUS_BEHIND = new RegExp(
  `(?<=\\d|(?<![\\p{L}\\p{M}\\p{N}])\\p{L}{1,3})${DASH}(?![\\p{L}\\p{N}\\p{Sc}]|\\s\\d)`,
  'gu',
)
/** Grades and names such as A* and C#. */
const GRADE_SIGN = /(?<=(?<![\p{L}\p{M}\p{N}])\p{L})[*#](?![\p{L}\p{N}])/gu
const POWERS = /[⁰¹²³⁴-⁹⁻]+/gu
const FRACTIONS = /[¼-¾⅐-⅞↉]/gu
const LEADING_POINT = /(?<![\p{L}\p{N}])\.(?=\d)/gu
const SLASH = /(?<=\d\s?)[/\u2215](?=\s?\d)/gu
const QUESTIONS = /[?؟⁇‽՞፧]+/gu
const GREEK = /\p{Script=Greek}/u
/** Vowels with a dot below or a hook above: languages in which an accent makes another word. */
const TONES = /[ạảậẩặẳẹẻệểịỉọỏộổợởụủựửỵỷ]/iu
/** Vowel points alone; accents stay. */
const POINTS = /[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]/g

/** The folded text, with each sign that changes the meaning in one form. */
function withSigns(text: string): string {
  const marked = withJoinedGroups(text)
    .replace(TAG_FLAGS, (_flag, tags: string) => ` 🏴${asciiOf(tags)} `)
    .replace(POWERS, (power) => ` ^${power.normalize('NFKC')} `)
    .replace(FRACTIONS, ' $&')
    .replaceAll('\u037e', '?')
  const folded = TONES.test(marked.normalize('NFC')) ? fold(marked, POINTS) : fold(marked)
  const questioned = GREEK.test(folded) ? folded.replaceAll(';', '?') : folded
  return withPlainNumbers(questioned.replaceAll('٫', '.').replaceAll('٬', ','))
    .replaceAll('\u20e3', '')
    .replaceAll('٪', '%')
    .replace(QUESTIONS, ' ? ')
    .replace(MINUS_BEFORE, ' − ')
    .replace(MINUS_BEHIND, ' − ')
    .replace(GRADE_SIGN, ' ×$& ')
    .replace(SLASH, ' ÷ ')
    .replace(LEADING_POINT, '0.')
}

const NUMBER_OR_LETTERS = /\p{N}[\p{N}.,]*|[^\p{N}]+/gu
const NUMBER = /\p{N}|^[一二两兩三四五六七八九十百千万萬亿億兆零〇]+$/u
const ROMAN = /^(?=..)m*(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})$/u
const PICTURE = /\p{ExtPict}|\p{RI}/u
/** Signs with a meaning; a bar and geometric shapes divide or decorate. */
const SIGN = /[%‰‱?^]|(?![|■-◿]|\p{Sk})\p{S}|[△▲▽▼]/gu
const CURRENCY = /\p{Sc}/u
const INITIALS = /^\p{L}(\.\p{L})+$/u

const meanings = new Set(fold(meaningWords).split(/\s+/u))
const meaningPictures = new Set(fold(meaningEmoji).split(' '))
const attentionPictures = new Set(fold(attentionEmoji).split(' '))

function wordsIn(folded: string): ComparableWord[] {
  return Array.from(segmentsOf(folded)).flatMap(({ segment, isWordLike }) => {
    if (isWordLike) return splitNumbers(segment).map(wordOf)
    if (PICTURE.test(segment)) return attentionPictures.has(segment) ? [] : [pictureOf(segment)]
    return (segment.match(SIGN) ?? []).map(signOf)
  })
}

/** "5m" and "5 m" are the same words. */
function splitNumbers(segment: string): readonly string[] {
  return segment.match(NUMBER_OR_LETTERS) ?? []
}

function wordOf(word: string): ComparableWord {
  const text = INITIALS.test(word) ? word.replaceAll('.', '') : word
  const isNumber = NUMBER.test(text)
  return { text, isNumber, changesMeaning: isNumber || ROMAN.test(text) || meanings.has(text) }
}

function signOf(text: string): ComparableWord {
  return { text, isNumber: CURRENCY.test(text), changesMeaning: true }
}

function pictureOf(text: string): ComparableWord {
  return { text, isNumber: false, changesMeaning: meaningPictures.has(text) || /\p{RI}/u.test(text) }
}

function asciiOf(tags: string): string {
  return Array.from(tags, (tag) => String.fromCharCode((tag.codePointAt(0) ?? 0) - 0xe0000)).join('')
}
