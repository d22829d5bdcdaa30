import { z } from 'zod'
import { byeReasons } from './lists/bye-reasons.ts'
import { ops } from './lists/ops.ts'
import { resetReasons } from './lists/reset-reasons.ts'
import { contentSchema, headlineIdSchema } from './headline.ts'
import { publicStatuses } from './lists/statuses.ts'
import { markPattern, positionPattern } from './position.ts'

/**
 * Schemas of the interfaces in frames.ts and headline.ts; the compiler compares them in test/contract/openapi.test.ts.
 * They have a file of their own because browsers load the interfaces without zod.
 */

export const positionSchema = z.string().regex(positionPattern, 'not a position')
const mark = z
  .string()
  .regex(markPattern)
  .exactOptional()
  .describe(
    'Send it back after the position, `epoch:seq:mark`: it says which history the position belongs to',
  )
const instant = z.iso.datetime()
const stale = z.literal(true).exactOptional().describe('What is shown may be behind')
const frozen = z.literal(true).exactOptional().describe('Nothing but holds and withdrawals will come')

export const feedTitleSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    lang: z.string(),
    dir: z.enum(['ltr', 'rtl']),
    drill: z.literal(true).optional().describe('Nothing in the feed is news: show that to everybody'),
    numbering: z.string().optional().describe('Digits of times and numbers, as CLDR names them'),
    words: z
      .int()
      .optional()
      .describe('The feed has words or labels of its own, in this version: get `/v1/feeds/{feed}/words`'),
  })
  .meta({ id: 'FeedTitle' })

const versionOf = {
  id: headlineIdSchema,
  version: z.int().min(1),
  place: z.int().min(1).describe('`seq` of its first release; corrections keep it'),
  publishedAt: instant.describe('First release'),
  updatedAt: instant.describe('Release of this version'),
}

const { urgency, regions, tags, ...words } = contentSchema.shape

export const liveHeadlineSchema = z
  .object({
    ...versionOf,
    status: z.literal('live'),
    pinned: z.boolean().exactOptional(),
    corrected: instant
      .exactOptional()
      .describe('Release of the newest correction with a note; later versions keep it'),
    refiled: instant
      .exactOptional()
      .describe('Release of the newest refile; kept until the next correction with a note'),
    breakingUntil: instant
      .exactOptional()
      .describe('From then on it shows without its breaking label; `urgency` and filters stay'),
    ...words,
    urgency: urgency.unwrap(),
    regions: regions.unwrap(),
    tags: tags.unwrap(),
  })
  .meta({ id: 'LiveHeadline', description: 'A headline that shows' })

export const tombstoneSchema = z
  .object({
    ...versionOf,
    status: z.enum(publicStatuses).exclude(['live']),
    note: z.string().exactOptional(),
  })
  .meta({ id: 'Tombstone', description: 'A headline that shows nowhere: not one word of its text is sent' })

export const headlineSchema = z
  .discriminatedUnion('status', [liveHeadlineSchema, tombstoneSchema])
  .meta({ id: 'Headline' })

const more = z.literal(true).exactOptional().describe('The next `reset` goes on with the strip')
const strip = z.array(liveHeadlineSchema).describe('All that shows, in the order to show')

export const helloFrameSchema = z
  .object({
    type: z.literal('hello'),
    protocol: z.number(),
    feed: feedTitleSchema,
    position: positionSchema.describe("The feed's newest position, not yours"),
    heartbeatMs: z.number(),
    serverTime: instant,
    stale,
    frozen,
    acks: z.literal(true).exactOptional().describe('Acknowledgements are taken'),
  })
  .meta({ id: 'HelloFrame', description: 'The first frame of every connection' })

export const resetFrameSchema = z
  .object({
    type: z.literal('reset'),
    reason: z.enum(resetReasons),
    position: positionSchema,
    mark,
    strip,
    more,
  })
  .meta({ id: 'ResetFrame', description: 'Forget what you hold: this is the whole strip' })

export const eventFrameSchema = z
  .object({
    type: z.literal('event'),
    position: positionSchema,
    mark,
    op: z.enum(ops),
    at: instant.describe('Time of its release'),
    headline: headlineSchema,
  })
  .meta({ id: 'Event', description: 'One entry of the log' })

export const headFrameSchema = z
  .object({
    type: z.literal('head'),
    position: positionSchema,
    mark,
    serverTime: instant,
    feed: feedTitleSchema.exactOptional().describe('After a change of its words or digits'),
    stale,
    frozen,
  })
  .meta({ id: 'HeadFrame', description: 'Heartbeat: you have everything up to `position`' })

export const byeFrameSchema = z
  .object({
    type: z.literal('bye'),
    reason: z.enum(byeReasons),
    retryAfterMs: z.number(),
    code: z.string().optional(),
  })
  .meta({ id: 'ByeFrame', description: 'The last frame: come back, no sooner than this' })

export const frameSchema = z
  .discriminatedUnion('type', [
    helloFrameSchema,
    resetFrameSchema,
    eventFrameSchema,
    headFrameSchema,
    byeFrameSchema,
  ])
  .meta({ id: 'Frame', description: 'One frame of a stream. Ignore a `type` that you do not know' })

export const snapshotSchema = z
  .object({ feed: feedTitleSchema, position: positionSchema, mark, strip, stale, frozen })
  .meta({ id: 'Snapshot' })

export const pageSchema = z
  .object({
    position: positionSchema.describe('Pass it as the next `after`, with the mark'),
    mark,
    reset: resetFrameSchema.exactOptional(),
    events: z.array(eventFrameSchema),
    more: z.boolean().describe('More is there already'),
    serverTime: instant
      .exactOptional()
      .describe('Ends the labels of headlines, whatever your own clock says'),
    feed: feedTitleSchema.exactOptional(),
    stale,
    frozen,
  })
  .meta({ id: 'Page' })

export const feedListSchema = z.object({ feeds: z.array(feedTitleSchema) }).meta({ id: 'FeedList' })
