import { z } from 'zod'
import { BUCKETS } from '../platform/time-buckets.ts'

const bucket = z
  .int()
  .min(0)
  .max(BUCKETS - 1)

/** Of an event that must clear every screen: connections that acknowledge, and what they have said. */
const screenSumsSchema = z.object({
  asked: z.int().min(0),
  cleared: z.int().min(0),
  /** Gone before they said it. */
  left: z.int().min(0),
  /** Of those asked: came with an older position, so they may have been asked before. */
  returned: z.int().min(0),
  /** Readers at its release that cannot say it. */
  silent: z.int().min(0),
})
export type ScreenSums = z.output<typeof screenSumsSchema>

/** To how many of its readers a gateway has written which events, and how soon. Each report holds the sums so far. */
const writtenSchema = z.object({
  feed: z.string(),
  /** Random for each process, so that one that starts again is another one. */
  gateway: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  /** Counts up: which of two reports of a gateway is the newer one. */
  number: z.int().min(1),
  /** Connected at this moment. */
  readers: z.int().min(0),
  events: z.array(
    z.object({
      position: z.string().regex(/^[a-z0-9]{8}:\d{1,15}$/),
      /** From release to write, by Redis's clock. */
      times: z.array(z.tuple([bucket, z.int().min(1)])),
      screens: screenSumsSchema.optional(),
    }),
  ),
})
export type ReceiptReport = z.output<typeof writtenSchema>

export function formatReport(report: ReceiptReport): string {
  return JSON.stringify(report)
}

/** undefined for anything else. */
export function parseReport(payload: string): ReceiptReport | undefined {
  try {
    return writtenSchema.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}
