import { z } from 'zod'
import { feedDefinition, withDirection } from './feed.ts'
import { contentSchema, instantSchema } from './headline.ts'
import { MAX_BREAKING_MS, policySchema } from './policy.ts'
import { plainLine } from './text.ts'

const { text, speaker, urgency, section, regions, tags, link, source, story, lang, expiresAt, note } =
  contentSchema.shape

/** A new feed; without `policy` it gets the default policy. */
export const feedRequestSchema = z
  .strictObject({ ...feedDefinition, policy: policySchema.optional() })
  .transform(({ policy, ...feed }) => ({ feed: withDirection(feed), policy }))

/** Only the newsroom reads it, in the audit. */
const reason = plainLine().optional()

/** `null` lifts the embargo. A chief lifts it or makes it end earlier. */
const changedEmbargo = instantSchema.nullish()

/** A new headline; without `then` and `releaseAt` it is released at once. */
export const newHeadlineSchema = contentSchema
  .extend({
    /** `keep`: a draft; `submit`: for approval. */
    then: z.enum(['keep', 'submit', 'release']).default('release'),
    /** Without it, a headline under an embargo is released at the end of the embargo. */
    releaseAt: instantSchema.optional(),
    /** Until then nothing releases the headline. */
    embargoUntil: instantSchema.optional(),
    reason,
  })
  .meta({ id: 'NewHeadline' })

/** Changes of a headline (after RFC 7396): an absent member stays as it is, `null` removes it. */
const changes = z.strictObject({
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
  /** `null`: the feed's default time, from the release of this version. */
  expiresAt: expiresAt.nullable(),
  /** Belongs to this version only; the next version does not inherit it. */
  note,
})
export type Changes = z.output<typeof changes>

export const savingSchema = changes.extend({ reason }).refine(changesSomething, 'nothing to change')

export const correctionSchema = changes
  .extend({
    /** `refile`: a slip, corrected without a note. `correction`: the note says what was wrong. */
    kind: z.enum(['refile', 'correction']).optional(),
    /** Holds the visible headlines of the same story. */
    cascade: z.boolean().default(false),
    reason,
  })
  .refine(changesSomething, 'nothing to change')
  .refine(({ kind, note }) => kind !== 'refile' || note === undefined, {
    error: 'a refile says nothing',
    path: ['note'],
  })
  .refine(({ kind, note }) => kind !== 'correction' || note !== undefined, {
    error: 'say what was wrong',
    path: ['note'],
  })

export const restoringSchema = z.strictObject({ version: z.int().min(1), note, reason })
export const submissionSchema = z.strictObject({
  releaseAt: instantSchema.optional(),
  embargoUntil: changedEmbargo,
  reason,
})
/** A release now; it ends the undo window. */
export const releasingSchema = z.strictObject({ embargoUntil: z.null().optional(), reason })
export const schedulingSchema = z.strictObject({
  releaseAt: instantSchema,
  embargoUntil: changedEmbargo,
  reason,
})
/** A return or rejection, with a reason for the author. */
export const sendingBackSchema = z.strictObject({ reason: plainLine() })
export const bareSchema = z.strictObject({ reason })
export const labellingSchema = z.strictObject({
  /** How long the headline is called breaking from now on; by default as long as the policy says. */
  forMs: z.int().min(60_000).max(MAX_BREAKING_MS).optional(),
  reason,
})
/** A removal of a headline; readers see the `note`. */
export const removalSchema = z.strictObject({ reason, note })
export const withdrawalSchema = removalSchema.extend({
  /** Removes the headlines of the same story too. */
  cascade: z.boolean().default(false),
})

/** A freeze of a feed, with its reason. */
export const freezingSchema = z.strictObject({ reason: plainLine() })

/** A withdrawal of all headlines that a feed, or one API key in it, has released since a time. */
export const retractionSchema = z.strictObject({
  since: instantSchema,
  /** Only headlines that the API key with this id wrote or released. */
  key: z.string().max(100).optional(),
  /** Only lists the headlines and withdraws none. */
  dryRun: z.boolean().default(false),
  reason: plainLine(),
  note,
})

function changesSomething({ reason: _why, kind: _kind, cascade: _all, ...rest }: Record<string, unknown>) {
  return Object.keys(rest).length > 0
}
