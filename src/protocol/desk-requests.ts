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

/** For the newsroom only: it stands in the audit. */
const reason = plainLine().optional()

/** A new line; without `then` and `releaseAt` it goes out at once. */
export const newHeadlineSchema = contentSchema
  .extend({
    /** `keep`: a draft; `submit`: for approval. */
    then: z.enum(['keep', 'submit', 'release']).default('release'),
    releaseAt: instantSchema.optional(),
    reason,
  })
  .meta({ id: 'NewHeadline' })

/** What changes in a line (after RFC 7396): a member that is left out stays, `null` takes it away. */
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
  /** `null`: the feed's usual time from the release of this version. */
  expiresAt: expiresAt.nullable(),
  /** Belongs to this version; the next one does not inherit it. */
  note,
})
export type Changes = z.output<typeof changes>

export const savingSchema = changes.extend({ reason }).refine(changesSomething, 'nothing to change')

export const correctionSchema = changes
  .extend({
    /** `refile`: a slip, nothing is said about it. `correction`: the note says what was wrong. */
    kind: z.enum(['refile', 'correction']).optional(),
    /** Lines of the same story that show are held. */
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
export const submissionSchema = z.strictObject({ releaseAt: instantSchema.optional(), reason })
export const schedulingSchema = z.strictObject({ releaseAt: instantSchema, reason })
/** What takes a word to whoever wrote it. */
export const sendingBackSchema = z.strictObject({ reason: plainLine() })
export const bareSchema = z.strictObject({ reason })
/** Why a line goes away; `note` is for the readers. */
export const removalSchema = z.strictObject({ reason, note })
export const withdrawalSchema = removalSchema.extend({
  /** Lines of the same story go too. */
  cascade: z.boolean().default(false),
})

/** Why a feed is stopped. */
export const freezingSchema = z.strictObject({ reason: plainLine() })

/** Everything that a feed, or one API key in it, has released since a time. */
export const retractionSchema = z.strictObject({
  since: instantSchema,
  /** The id of an API key: what it wrote or released. */
  key: z.string().max(100).optional(),
  /** Nothing happens: what would go is listed. */
  dryRun: z.boolean().default(false),
  reason: plainLine(),
  note,
})

function changesSomething({ reason: _why, kind: _kind, cascade: _all, ...rest }: Record<string, unknown>) {
  return Object.keys(rest).length > 0
}
