import { z } from 'zod'
import { paintingSchema } from '../../protocol/as-run.ts'
import { ops } from '../../protocol/lists/ops.ts'
import { replicationSchema } from '../http/replication-schema.ts'

const written = {
  written: z.int().describe('Deliveries: how often it was written to a reader'),
  p50Ms: z
    .int()
    .nullable()
    .describe('Time from the release to half of the deliveries; null before the first'),
  p99Ms: z.int().nullable(),
}

const screens = z
  .object({
    screens: z.int().describe('Connections that acknowledge, each counted once as far as that is known'),
    cleared: z.int(),
    percent: z.number().nullable().describe('Rounded down to a tenth; null without screens'),
    missing: z.int(),
    left: z
      .int()
      .describe(
        'Screens that disconnected without an acknowledgement; in the totals, only those that have not returned',
      ),
    silent: z.int().describe('Readers at the release that do not acknowledge; they do not count as screens'),
  })
  .meta({ id: 'ScreensCleared' })
  .optional()
  .describe('Only for withdrawals, holds and corrections')

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

const recallSumsSchema = z
  .object({
    partners: z.int().describe('Partners that could read the feed at the withdrawal'),
    acknowledged: z.int(),
    missing: z.array(z.object({ partner: z.string(), name: z.string() })),
  })
  .meta({ id: 'RecallSums' })

export const receiptSchema = z
  .object({
    id: z.string(),
    replication: replicationSchema,
    releases: z.array(
      z.object({
        version: z.int(),
        position: z.string(),
        acceptedAt: z.iso.datetime(),
        op: z
          .enum(ops)
          .optional()
          .describe('Absent, as the next two members, once the log has trimmed the event'),
        releasedAt: z.iso.datetime().optional(),
        acceptToLogMs: z
          .int()
          .optional()
          .describe('Time from the acceptance, or from the due time, to the log'),
        ...receiptSumsSchema.shape,
        recall: recallSumsSchema.optional().describe('Only for a withdrawal, where partners read the feed'),
      }),
    ),
    onAir: z
      .array(paintingSchema)
      .optional()
      .describe('Words on outputs on air, by their first frame; absent without such reports'),
  })
  .meta({ id: 'Receipt' })
