import { z } from 'zod'
import { BUCKETS } from '../platform/time-buckets.ts'

const bucket = z
  .int()
  .min(0)
  .max(BUCKETS - 1)

/** To how many of its readers a gateway has written which events, and how soon. Each report holds the sums so far. */
const writtenSchema = z.object({
  feed: z.string(),
  /** Random for each process, so that one that starts again is another one. */
  gateway: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  /** Connected at this moment. */
  readers: z.int().min(0),
  events: z.array(
    z.object({
      position: z.string().regex(/^[a-z0-9]{8}:\d{1,15}$/),
      /** From release to write, by Redis's clock. */
      times: z.array(z.tuple([bucket, z.int().min(1)])),
    }),
  ),
})
export type WrittenReport = z.output<typeof writtenSchema>

export function formatWritten(report: WrittenReport): string {
  return JSON.stringify(report)
}

/** undefined for anything else. */
export function parseWritten(payload: string): WrittenReport | undefined {
  try {
    return writtenSchema.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}
