import { z } from 'zod'
import { presenceSchema } from '../../protocol/presence.ts'
import { statuses } from '../../protocol/lists/statuses.ts'
import { actSchema } from '../headlines/headline-record.ts'
import { receiptSumsSchema } from '../receipts/receipt-schema.ts'

const versionAndStatus = z.object({ status: z.enum(statuses), version: z.int() })

/** One entry of the audit. */
export const auditEntrySchema = z
  .object({
    n: z.int(),
    at: z.iso.datetime(),
    feed: z.string().optional(),
    headline: z.string().optional(),
    action: z.string(),
    before: versionAndStatus.nullable().optional(),
    after: versionAndStatus.optional(),
    content: z.string().optional().describe('sha1 of the content that was saved with the version'),
    act: actSchema,
    detail: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'AuditEntry' })

/** A frame of the desk's stream. */
export const deskFrameSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('hello'), feed: z.string(), after: z.int(), heartbeatMs: z.number() }),
    z.object({ type: z.literal('audit'), entry: auditEntrySchema }),
    receiptSumsSchema.extend({ type: z.literal('receipt'), position: z.string() }),
    presenceSchema.extend({ type: z.literal('presence') }),
    z.object({ type: z.literal('head'), n: z.int(), serverTime: z.iso.datetime() }),
    z.object({ type: z.literal('overdue'), overdueMs: z.int().min(0) }),
    z.object({ type: z.literal('bye'), reason: z.enum(['revoked', 'slow', 'draining', 'unavailable']) }),
  ])
  .meta({ id: 'DeskFrame', description: 'Ignore a `type` that you do not know' })
