/** No-break, figure, thin and narrow spaces: within a number they only part its groups. */
const GROUP_SPACE = '[\\u00a0\\u2007\\u2009\\u202f]'
const SPACED_GROUP = new RegExp(
  `(?<=(?<![\\p{Nd}.,])\\p{Nd}{1,3}(?:${GROUP_SPACE}\\p{Nd}{3})*)${GROUP_SPACE}(?=\\p{Nd}{3}(?!\\p{Nd}))`,
  'gu',
)
const NUMBER = /(?<![\d.,])\d[\d.,]*\d/g
/** 1,200 and 1,200.5; 12,34,567 as in India. A comma with three digits behind it is rarely a decimal one. */
const COMMA_GROUPS = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$|^[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?$/
/** 1.200.000 and 1.200,5. Alone, 1.200 may be a decimal number as well: it stays another number than 1200. */
const POINT_GROUPS = /^[1-9]\d{0,2}(?:(?:\.\d{3}){2,}|(?:\.\d{3})+,\d+)$/
const RANK = /(?<![\p{L}\p{M}\p{N}])#(?=\d{1,2}(?![\p{L}\p{M}\p{N}]))/gu

/** The text with groups of digits joined where spaces part them; before it is folded, which makes all spaces equal. */
export function withJoinedGroups(text: string): string {
  return text.replace(SPACED_GROUP, '')
}

/** The folded text with each number in one spelling, and a rank such as "#1" as "no 1". */
export function withPlainNumbers(folded: string): string {
  return folded.replace(RANK, ' no ').replace(NUMBER, plain)
}

function plain(number: string): string {
  if (COMMA_GROUPS.test(number)) return number.replaceAll(',', '')
  return POINT_GROUPS.test(number) ? number.replaceAll('.', '') : number
}
