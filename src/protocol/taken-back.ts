import { z } from 'zod'
import type { EventFrame } from './frames.ts'
import type { Headline } from './headline.ts'

/** A headline that is held, was held (`live`) or is withdrawn, without its words. */
export const takenBackSchema = z.object({
  id: z.string(),
  version: z.number(),
  status: z.enum(['held', 'withdrawn', 'live']),
  place: z.number(),
  publishedAt: z.string(),
  /** The release of the hold, of its end, or of the withdrawal. */
  updatedAt: z.string(),
})
export type TakenBack = z.output<typeof takenBackSchema>

/** By headline id. */
export type TakenBackLines = ReadonlyMap<string, TakenBack>

/** How one event changes what was taken back: as `release-due.lua` does in Redis. */
export function foldTakenBack(
  lines: Map<string, TakenBack>,
  { op, headline }: Pick<EventFrame, 'op' | 'headline'>,
): void {
  if (op === 'hold' || op === 'withdraw' || op === 'resume') {
    const status = ({ hold: 'held', withdraw: 'withdrawn', resume: 'live' } as const)[op]
    lines.set(headline.id, { ...factsOf(headline), status })
  } else if (headline.status === 'expired') lines.delete(headline.id)
}

function factsOf({ id, version, place, publishedAt, updatedAt }: Headline): Omit<TakenBack, 'status'> {
  return { id, version, place, publishedAt, updatedAt }
}
