import { z } from 'zod'
import { markPattern } from '../protocol/position.ts'

/**
 * A gateway's message on the witness channel: a reader has shown a position with a signed mark that the log contradicts.
 * An earlier version of the service ignores it.
 */
const markProofSchema = z.object({
  feed: z.string(),
  proof: z.object({ epoch: z.string(), seq: z.int().min(0), mark: z.string().regex(markPattern) }),
})
export type MarkProof = z.output<typeof markProofSchema>

export function formatMarkProof(proof: MarkProof): string {
  return JSON.stringify(proof)
}

/** undefined for a text that is not a proof. */
export function parseMarkProof(payload: string): MarkProof | undefined {
  try {
    return markProofSchema.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}
