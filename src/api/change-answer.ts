import { z } from 'zod'
import { contentSchema } from '../protocol/headline.ts'
import { ops } from '../protocol/frames.ts'
import { statuses } from '../protocol/status.ts'

/** What every accepted change answers. */
export const changeAnswerSchema = z.object({
  headline: z.object({ id: z.string(), version: z.int(), status: z.enum(statuses) }),
  position: z
    .string()
    .nullable()
    .describe('`epoch:seq` of this version; null when it waits, was cancelled, or was overtaken'),
  durability: z.enum(['always', 'everysec', 'no', 'unknown']).describe('How surely Redis keeps it'),
  releaseAt: z.iso.datetime().optional().describe('While it waits'),
})
export type ChangeAnswer = z.output<typeof changeAnswerSchema>

/** A headline as the newsroom sees it; describes HeadlineRecord of the event log. */
export const headlineRecordSchema = z.object({
  id: z.string(),
  version: z.int(),
  status: z.enum(statuses),
  releaseAt: z.iso.datetime().optional(),
  versions: z.array(
    z.object({
      version: z.int(),
      op: z.enum(ops),
      savedAt: z.iso.datetime(),
      act: z.object({
        by: z.string(),
        person: z.string().optional(),
        name: z.string().optional(),
        reason: z.string().optional(),
        ip: z.string().optional(),
      }),
      content: z.union([contentSchema, z.object({ note: z.string().optional() })]),
      position: z.string().optional(),
    }),
  ),
})

export function etagOf(version: number): string {
  return `"${version}"`
}
