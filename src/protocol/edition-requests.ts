import { z } from 'zod'
import { newHeadlineSchema, removalSchema } from './desk-requests.ts'
import { feedIdSchema } from './feed.ts'
import { headlineIdSchema } from './headline.ts'

/** Protects the feeds and Redis from one request for hundreds of headlines. */
const MAX_PARTS = 20

export const editionIdSchema = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'not an edition id')

const { urgency, regions, tags, ...members } = newHeadlineSchema.omit({ note: true }).shape
const { text, speaker, section, link, source, lang, expiresAt, releaseAt, embargoUntil, then } = members

/** The words of one part, and the members in which it differs from the others. */
const ownMembers = z.strictObject({
  ...{ text, speaker, section, link, source, lang, expiresAt, releaseAt, embargoUntil },
  urgency: urgency.unwrap().optional(),
  regions: regions.unwrap().optional(),
  tags: tags.unwrap().optional(),
  then: then.unwrap().optional(),
})

/** One wish for several feeds: the members beside `parts` hold for each part that does not say otherwise. */
export const newEditionSchema = newHeadlineSchema
  .omit({ text: true, note: true, lang: true })
  .extend({
    parts: z
      .record(feedIdSchema, ownMembers)
      .refine((parts) => Object.keys(parts).length > 0, 'names no feed')
      .refine((parts) => Object.keys(parts).length <= MAX_PARTS, `names more than ${MAX_PARTS} feeds`),
  })
  .meta({ id: 'NewEdition' })
export type NewEdition = z.output<typeof newEditionSchema>

/** A new headline as a part, as one posts a headline, or one that exists. */
export const editionPartSchema = z.union([z.strictObject({ headline: headlineIdSchema }), newHeadlineSchema])

/** A removal of all parts; `notes`: for readers of each feed, in its language. */
export const editionRemovalSchema = removalSchema
  .omit({ note: true })
  .extend({ notes: z.record(feedIdSchema, removalSchema.shape.note.unwrap()).optional() })

export type NewPart = z.output<typeof newHeadlineSchema>

/** The headline of each feed, with the common members where the part has none of its own. */
export function partsOf({ parts, ...common }: NewEdition): { feed: string; line: NewPart }[] {
  return Object.entries(parts).map(([feed, own]) => {
    const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
    return { feed, line: { ...common, ...given, text: own.text } }
  })
}
