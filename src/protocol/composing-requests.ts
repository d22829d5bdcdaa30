import { z } from 'zod'
import { contentSchema, headlineIdSchema, slugSchema } from './headline.ts'
import { plainLine } from './text.ts'

const { text, speaker, urgency, section, regions, tags, link, source, story } = contentSchema.shape

/** A text that is not sent yet, to be compared with the headlines of its feed. */
export const comparisonSchema = z.strictObject({
  text,
  /** The headline that the text is for, which is not compared. */
  id: headlineIdSchema.optional(),
})

/** The composer's own JSON, which the service keeps and does not read; 280 graphemes and all fields need less. */
const MOST_DRAFT_LENGTH = 8_000

export const scratchSchema = z.strictObject({ draft: z.string().min(1).max(MOST_DRAFT_LENGTH) })

/** A new headline, a new edition, or the headline whose words are being changed. */
export const scratchSubjectSchema = z.union([z.enum(['new', 'edition']), headlineIdSchema])

export const templateIdSchema = slugSchema

/** Words to begin a headline with: `{…}` in the text is a place that its editor fills. */
export const templateSchema = z
  .strictObject({
    name: plainLine(60),
    text,
    speaker,
    urgency,
    section,
    regions,
    tags,
    link,
    source,
    story,
  })
  .meta({ id: 'Template' })
export type Template = z.output<typeof templateSchema>

export const storedTemplateSchema = z
  .object({ id: templateIdSchema, version: z.int(), ...templateSchema.shape })
  .meta({ id: 'StoredTemplate' })
export type StoredTemplate = z.output<typeof storedTemplateSchema>
