import { z } from 'zod'

const MAX_GRAPHEMES = 280
/** A grapheme may carry any number of combining marks: this bounds the cost of drawing one text. */
const MAX_CODE_POINTS = 1_120

/**
 * Characters that a headline's text may not contain: controls, line and paragraph separators, bidirectional
 * embeddings, overrides and isolates (UAX #9), lone surrogates, private use and unassigned code points,
 * invisible fillers and tag characters. ZWJ, ZWNJ and the plain direction marks stay: languages and emoji need them.
 */
const REFUSED =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\u115f\u1160\u3164\uffa0\u{e0000}-\u{e007f}]/u
/** U+2800 is a symbol by its category but shows nothing. */
const VISIBLE = /(?!\u2800)[\p{L}\p{N}\p{S}\p{P}]/u

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** One line of plain Unicode: NFC, trimmed, 1 to `maxGraphemes` graphemes, nothing invisible or reordering. */
export function plainLine(maxGraphemes = MAX_GRAPHEMES) {
  return z
    .string()
    .max(MAX_CODE_POINTS * 2, { error: `longer than ${maxGraphemes} graphemes`, abort: true })
    .transform((text) => text.normalize('NFC').trim())
    .refine((text) => VISIBLE.test(text), { error: 'nothing to read in it', abort: true })
    .refine((text) => !REFUSED.test(text), {
      error: 'holds a control, bidirectional-override, invisible or unassigned character',
      abort: true,
    })
    .refine((text) => fits(text, maxGraphemes), { error: `longer than ${maxGraphemes} graphemes` })
}

/** Whether a text has at most `maxGraphemes` graphemes. */
export function fits(text: string, maxGraphemes: number): boolean {
  if (text.length <= Math.min(maxGraphemes, MAX_CODE_POINTS)) return true
  if (text.length > MAX_CODE_POINTS * 2 || Array.from(text).length > MAX_CODE_POINTS) return false
  let count = 0
  for (const _ of graphemes.segment(text)) if (++count > maxGraphemes) return false
  return true
}
