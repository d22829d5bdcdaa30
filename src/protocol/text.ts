import { z } from 'zod'
import { withoutInvisible, type RefusedCharacter } from './characters.ts'

const MAX_GRAPHEMES = 280
/** A grapheme may carry any number of combining marks: this bounds the cost of drawing one text. */
const MAX_CODE_POINTS = 1_120

/** U+2800 is a symbol by its category but shows nothing. */
const VISIBLE = /(?!\u2800)[\p{L}\p{N}\p{S}\p{P}]/u

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * One line of plain Unicode: NFC, trimmed, 1 to `maxGraphemes` graphemes, nothing that is invisible without need and
 * nothing that overrides the direction. An issue about a character has `character` and `position` in its `params`.
 */
export function plainLine(maxGraphemes = MAX_GRAPHEMES) {
  return z
    .string()
    .max(MAX_CODE_POINTS * 2, { error: `longer than ${maxGraphemes} graphemes`, abort: true })
    .refine((text) => VISIBLE.test(text), { error: 'nothing to read in it', abort: true })
    .transform((text, context) => {
      // All white space at the beginning has one code unit for each code point.
      const read = normalized(withoutInvisible(text.trim(), text.length - text.trimStart().length))
      if (typeof read === 'string') return read.trim()
      const { character, position, message } = read
      context.addIssue({ code: 'custom', message, params: { character, position } })
      return z.NEVER
    })
    .refine((text) => fits(text, maxGraphemes), { error: `longer than ${maxGraphemes} graphemes` })
}

/** NFC moves marks, and a moved mark may leave an invisible character where no script needs it. */
function normalized(text: string | RefusedCharacter): string | RefusedCharacter {
  if (typeof text !== 'string') return text
  const composed = text.normalize('NFC')
  const read = withoutInvisible(composed)
  return read === composed ? read : normalized(read)
}

/** Whether a text has at most `maxGraphemes` graphemes. */
export function fits(text: string, maxGraphemes: number): boolean {
  if (text.length <= Math.min(maxGraphemes, MAX_CODE_POINTS)) return true
  if (text.length > MAX_CODE_POINTS * 2 || Array.from(text).length > MAX_CODE_POINTS) return false
  let count = 0
  for (const _ of graphemes.segment(text)) if (++count > maxGraphemes) return false
  return true
}
