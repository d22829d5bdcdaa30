import { z } from 'zod'

/** A gateway's message that the log has lost events which the gateway holds (failover, restored backup). */
const witnessSchema = z.object({
  feed: z.string(),
  /** The newest entry that the gateway holds. */
  head: z.object({ epoch: z.string(), seq: z.int().min(0), chain: z.string() }),
  /** The lost events, oldest first. */
  lost: z.array(
    z.object({
      position: z.string(),
      op: z.string(),
      id: z.string(),
      version: z.int(),
      /** Time of the event. A gateway of an earlier version leaves it out. */
      at: z.iso.datetime().optional(),
      /** The headline as readers see it: in its newest event, while it shows. It is not checked. */
      headline: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
})
export type Witness = z.output<typeof witnessSchema>

export function formatWitness(witness: Witness): string {
  return JSON.stringify(witness)
}

/** undefined for a text that is not a witness. */
export function parseWitness(payload: string): Witness | undefined {
  try {
    return witnessSchema.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}
