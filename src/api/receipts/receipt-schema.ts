import { z } from 'zod'
import { ops } from '../../protocol/lists/ops.ts'

const written = {
  written: z.int().describe('How often it was written to a reader'),
  p50Ms: z.int().nullable().describe('From its release to half of these writes; null before the first'),
  p99Ms: z.int().nullable(),
}

const screens = z
  .object({
    screens: z.int().describe('Connections that acknowledge, once each as far as that is known'),
    cleared: z.int(),
    percent: z.number().nullable().describe('Rounded down to a tenth; null of no screens'),
    missing: z.int(),
    left: z.int().describe('Gone before they said it. Of all gateways: and not come back'),
    silent: z.int().describe('Readers at its release that cannot say it; no part of the screens'),
  })
  .meta({ id: 'ScreensCleared' })
  .optional()
  .describe('Only of withdrawals, holds and corrections')

/** Counts of deliveries and of screens that have cleared: of all gateways together, and of each gateway. */
export const receiptSumsSchema = z.object({
  ...written,
  cleared: screens,
  gateways: z.array(
    z.object({
      id: z.string(),
      readers: z.int().describe('At its last report'),
      ...written,
      cleared: screens,
    }),
  ),
})

export const receiptSchema = z
  .object({
    id: z.string(),
    releases: z.array(
      z.object({
        version: z.int(),
        position: z.string(),
        acceptedAt: z.iso.datetime(),
        op: z
          .enum(ops)
          .optional()
          .describe('This and the next two: missing once the log has dropped the event'),
        releasedAt: z.iso.datetime().optional(),
        acceptToLogMs: z
          .int()
          .optional()
          .describe('From its acceptance, or from when it was due, to the log'),
        ...receiptSumsSchema.shape,
      }),
    ),
  })
  .meta({ id: 'Receipt' })
