import { z } from 'zod'
import { BUCKETS } from '../platform/time-buckets.ts'

const bucket = z
  .int()
  .min(0)
  .max(BUCKETS - 1)

/** Counts of acknowledging connections for an event that must clear every screen. */
const screenSumsSchema = z.object({
  /** Connections that have to acknowledge the event. */
  asked: z.int().min(0),
  /** Connections that have acknowledged it. */
  cleared: z.int().min(0),
  /** Connections that closed before they acknowledged it. */
  left: z.int().min(0),
  /** Part of `asked`: connections that have resumed; their readers may also be counted with an earlier connection. */
  returned: z.int().min(0),
  /** Readers at the time of the release that do not acknowledge. */
  silent: z.int().min(0),
})
export type ScreenSums = z.output<typeof screenSumsSchema>

/** A gateway's report about events: how many readers they were written to, and how fast. It holds the sums so far. */
const reportSchema = z.object({
  feed: z.string(),
  /** Random name of the process; a restarted process has a new one. */
  gateway: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  /** Number of the report; of two reports of a gateway the higher number is the newer one. */
  number: z.int().min(1),
  /** Readers connected at the time of the report. */
  readers: z.int().min(0),
  events: z.array(
    z.object({
      position: z.string().regex(/^[a-z0-9]{8}:\d{1,15}$/),
      /** Time from the release to the write, by Redis's clock. */
      times: z.array(z.tuple([bucket, z.int().min(1)])),
      screens: screenSumsSchema.optional(),
    }),
  ),
})
export type ReceiptReport = z.output<typeof reportSchema>

export function formatReport(report: ReceiptReport): string {
  return JSON.stringify(report)
}

/** undefined for a text that is not a report. */
export function parseReport(payload: string): ReceiptReport | undefined {
  try {
    return reportSchema.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}
