import { z } from 'zod'
import { headlineSummarySchema } from '../headlines/headline-record.ts'
import type { EditionPart } from './read-parts.ts'

export const editionSchema = z
  .object({
    edition: z.string(),
    parts: z.array(
      headlineSummarySchema.extend({
        feed: z.string(),
        position: z.string().optional().describe('`epoch:seq` of its first release'),
        lagMs: z.int().optional().describe('Time from the first release of the edition to that of this part'),
      }),
    ),
  })
  .meta({ id: 'Edition' })

/** The parts as a table shows them: without their history, with the lag behind the first part that is out. */
export function editionAnswer(
  edition: string,
  parts: readonly EditionPart[],
): z.output<typeof editionSchema> {
  const times = parts.flatMap(({ record }) => releasedAt(record) ?? [])
  const first = Math.min(...times)
  return { edition, parts: parts.map((part) => partOf(part, first)) }
}

function partOf({ feed, record }: EditionPart, first: number) {
  const { versions, ...headline } = record
  const position = versions.find((version) => version.position !== undefined)?.position
  const released = releasedAt(record)
  return {
    feed,
    ...headline,
    updatedAt: versions.at(-1)?.savedAt ?? record.createdAt,
    ...(position !== undefined && { position }),
    ...(released !== undefined && { lagMs: released - first }),
  } as z.output<typeof editionSchema>['parts'][number]
}

function releasedAt({ publishedAt }: EditionPart['record']): number | undefined {
  return publishedAt === undefined ? undefined : Date.parse(publishedAt)
}
