import { z } from 'zod'

/** A gateway holds these events, and the log does not: Redis has lost them (failover, restored backup). */
const witnessSchema = z.object({
  feed: z.string(),
  /** The newest entry that the gateway holds. */
  head: z.object({ epoch: z.string(), seq: z.number(), chain: z.string() }),
  /** What the log no longer has, oldest first. */
  lost: z.array(z.object({ position: z.string(), op: z.string(), id: z.string(), version: z.number() })),
})
export type Witness = z.output<typeof witnessSchema>

export function formatWitness(witness: Witness): string {
  return JSON.stringify(witness)
}

/** undefined for anything else. */
export function parseWitness(payload: string): Witness | undefined {
  try {
    return witnessSchema.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}
