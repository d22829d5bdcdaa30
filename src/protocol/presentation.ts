import type { FeedTitle } from './feed.ts'
import { z } from 'zod'
import { slugSchema } from './headline.ts'
import { sentences, wordKeys, wordsWithNumber, type WordKey } from './lists/word-keys.ts'
import { numberings } from './numbering.ts'
import { plainLine } from './text.ts'

/** A longer word would take the place of the headline. */
const MAX_WORD_GRAPHEMES = 40
const MAX_SENTENCE_GRAPHEMES = 120
const MAX_LABELS = 200

/** The table is small: a reader loads it before the first headline shows. */
const words = z
  .strictObject(
    Object.fromEntries(wordKeys.map((key) => [key, wordOf(key).exactOptional()])) as Record<
      WordKey,
      z.ZodExactOptional<ReturnType<typeof plainLine>>
    >,
  )
  .describe('The feed’s own words, in its language, in place of the usual ones')

const labels = z
  .record(slugSchema, plainLine(MAX_WORD_GRAPHEMES))
  .refine((all) => Object.keys(all).length <= MAX_LABELS, `more than ${MAX_LABELS} labels`)
  .describe('Names of sections and regions in the feed’s language, by slug')

/** How a feed's headlines look to readers; chiefs and admins change it. */
export const presentationSchema = z
  .strictObject({
    numbering: z.enum(numberings).exactOptional().describe('Digits of times and numbers, as CLDR names them'),
    words: words.default({}),
    labels: labels.default({}),
  })
  .meta({ id: 'Presentation' })
export type Presentation = z.output<typeof presentationSchema>

/** As Redis stores it and readers get it. */
export const storedPresentationSchema = z
  .object({
    /** Grows with each change; 0: nothing is set. */
    version: z.int().min(0).describe('Grows with each change; 0: nothing is set'),
    ...presentationSchema.shape,
  })
  .meta({ id: 'StoredPresentation' })
export type StoredPresentation = z.output<typeof storedPresentationSchema>

export const noPresentation: StoredPresentation = { version: 0, words: {}, labels: {} }

function wordOf(key: WordKey): ReturnType<typeof plainLine> {
  const isSentence = (sentences as readonly WordKey[]).includes(key)
  const line = plainLine(isSentence ? MAX_SENTENCE_GRAPHEMES : MAX_WORD_GRAPHEMES)
  if (!(wordsWithNumber as readonly WordKey[]).includes(key)) return line
  // Without `#` the reader would not learn the number.
  return line.refine((text) => text.includes('#'), 'needs a # in the place of the number')
}

/** A feed as readers get it, with what its newsroom has set. */
export function titleWith(
  { id, title, lang, dir, drill }: FeedTitle,
  { version, numbering, words, labels }: StoredPresentation,
): FeedTitle {
  const hasTable = Object.keys(words).length + Object.keys(labels).length > 0
  const own = { ...(numbering !== undefined && { numbering }), ...(hasTable && { words: version }) }
  return { id, title, lang, dir, ...(drill && { drill }), ...own }
}
