import { z } from 'zod'
import { actions } from './lists/actions.ts'
import { contentSchema } from './headline.ts'
import { problems, type ProblemCode } from './problems.ts'
import { statuses } from './lists/statuses.ts'

/** Members that only some problems have. */
const extras = {
  requestId: z.string().describe('Tell it when you report a fault'),
  errors: z
    .array(
      z.object({
        field: z.string().describe('JSON pointer; `invalid-position`: the parameter or the header'),
        message: z.string(),
        character: z.string().optional().describe('A character that may not stand there: `U+200B`'),
        position: z.int().optional().describe('Its index in the text, in code points'),
      }),
    )
    .describe('`invalid-body`, `unknown-feed`, `invalid-position`: each field that does not fit'),
  retryAfterMs: z.int().describe('Come back no sooner than this'),
  headlineStatus: z.enum(statuses).describe('Where the headline stands'),
  allowed: z.array(z.enum(actions)).describe('What the caller may do to the headline now'),
  current: z
    .record(z.string(), z.unknown())
    .describe(
      '`stale-version`: the headline, policy, template, account, key or invitation as it is now, as its GET shows it',
    ),
  diff: z
    .array(
      z.object({
        field: contentSchema.keyof(),
        seen: z.unknown().optional(),
        current: z.unknown().optional(),
      }),
    )
    .describe('`stale-version`: the fields that the caller has not seen'),
  match: z
    .object({ id: z.string(), status: z.enum(statuses), text: z.string() })
    .describe('`duplicate-headline`: the line that says the same'),
  part: z.string().describe('`edition-part-exists`: id of the headline that is the part in this feed'),
  edition: z.string().describe('`in-another-edition`: the edition that the headline is a part of'),
  feed: z.string().describe('`record-damaged`: the feed whose record cannot be read'),
  record: z
    .string()
    .describe('`record-damaged`: `policy`, `feed` (its definition), or the name of another key'),
  fault: z
    .enum(['away', 'full', 'read-only', 'newer', 'damaged'])
    .describe('`archive-away`: the state of the archive'),
  earliest: z.iso.datetime().describe('`as-of-unknown`: the first moment that can be shown'),
  embargoUntil: z.iso.datetime().describe('`embargoed`: the end of the embargo'),
  formats: z.array(z.string()).describe('`no-such-format`: the documents of a feed'),
  projections: z.array(z.string()).describe('`no-such-projection`: what `for` may say at this address'),
  maxGraphemes: z.int().describe("`text-too-long`: the feed's character budget"),
}

/** An answer with `application/problem+json` (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().describe('`/problems/<code>`'),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problems) as ProblemCode[]),
    detail: z.string().describe('What went wrong this time, or else what to do'),
    ...z.object(extras).partial().shape,
  })
  .meta({ id: 'Problem', description: 'Why a request is not served. More members may come' })
