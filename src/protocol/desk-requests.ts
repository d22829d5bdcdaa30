import { z } from 'zod'
import { feedDefinition, withDirection } from './feed.ts'
import { contentSchema, instantSchema } from './headline.ts'
import { policySchema } from './policy.ts'
import { plainLine } from './text.ts'

const { text, speaker, urgency, section, regions, tags, link, source, story, lang, expiresAt, note } =
  contentSchema.shape

/** A new feed; without `policy` it has the usual one. */
export const feedRequestSchema = z
  .strictObject({ ...feedDefinition, policy: policySchema.optional() })
  .transform(({ policy, ...feed }) => ({ feed: withDirection(feed), policy }))

/** A new line; without `releaseAt` it goes out at once. */
export const newHeadlineSchema = contentSchema.extend({ releaseAt: instantSchema.optional() })

/** What changes in a line (after RFC 7396): a member that is left out stays, `null` takes it away. */
export const correctionSchema = z
  .strictObject({
    text: text.optional(),
    speaker: speaker.nullable(),
    urgency: urgency.unwrap().optional(),
    section: section.nullable(),
    regions: regions.unwrap().nullish(),
    tags: tags.unwrap().nullish(),
    link: link.nullable(),
    source: source.nullable(),
    story: story.nullable(),
    lang: lang.nullable(),
    /** `null`: the feed's usual time from the release of this version. */
    expiresAt: expiresAt.nullable(),
    /** Belongs to this version; the next one does not inherit it. */
    note,
  })
  .refine((correction) => Object.keys(correction).length > 0, 'nothing to change')
export type Correction = z.output<typeof correctionSchema>

/** Why a line goes away. */
export const removalSchema = z.strictObject({
  /** For the newsroom only. */
  reason: plainLine().optional(),
  /** For the readers. */
  note: plainLine().optional(),
})
export type Removal = z.output<typeof removalSchema>
