import { z } from 'zod'
import { statuses } from '../../protocol/lists/statuses.ts'
import type { StoppedLine } from './carry-out.ts'

/** Bounds the size of one answer. All headlines are stopped, also those that it does not name. */
const MOST_NAMED = 500

const stoppedLineSchema = z.object({
  feed: z.string(),
  id: z.string(),
  text: z.string(),
  status: z
    .enum(statuses)
    .describe('`needs-decision`; another one where the headline came out or changed before'),
  releaseAt: z.iso.datetime().optional().describe('The time for which it waited'),
})

/** The headlines that waited when a key, an account or a policy stopped them. */
const stoppedLinesSchema = z
  .object({
    lines: z.array(stoppedLineSchema),
    more: z.boolean().describe(`There are more than ${MOST_NAMED}; all are stopped`),
    done: z.boolean().describe('false: the service still has to stop them, and does so on its own'),
  })
  .meta({ id: 'StoppedLines' })
export type StoppedLines = z.output<typeof stoppedLinesSchema>

/** An answer about nothing else. */
export const stoppedSchema = z.object({ stopped: stoppedLinesSchema })
/** A member of answers, left out where no headline waited. */
export const stoppedMember = {
  stopped: stoppedLinesSchema
    .optional()
    .describe('The headlines that waited and that the change has stopped, where there were any'),
}

export const unfinished: StoppedLines = { lines: [], more: false, done: false }

export function stoppedLinesOf(lines: readonly StoppedLine[]): StoppedLines {
  return {
    lines: lines.slice(0, MOST_NAMED).map(({ feed, id, text, status, releaseAt }) => ({
      feed,
      id,
      text,
      status,
      ...(releaseAt !== undefined && { releaseAt: new Date(releaseAt).toISOString() }),
    })),
    more: lines.length > MOST_NAMED,
    done: true,
  }
}

/** Whether there is anything to tell. */
export function tells({ lines, done }: StoppedLines): boolean {
  return lines.length > 0 || !done
}
