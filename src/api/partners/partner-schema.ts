import { z } from 'zod'
import type { Partner } from '../../partners/partner.ts'
import { shownPartner } from '../../partners/partner.ts'
import { partnerRequestSchema } from '../../protocol/partner-requests.ts'
import type { Answer } from '../http/answer.ts'
import { etagOf } from '../http/conditions.ts'

const shownKeySchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  createdAt: z.iso.datetime(),
  by: z.string().describe('The account that made the key, or `bootstrap`'),
  until: z.iso.datetime().optional().describe('The key ends then, because a newer one took its place'),
  waitsFor: z
    .literal('approval')
    .optional()
    .describe('The key is not valid until a second admin has approved the partner'),
})

export const partnerSchema = z
  .object({
    id: z.string(),
    ...partnerRequestSchema.shape,
    createdAt: z.iso.datetime(),
    version: z.int().describe('Its `ETag`, which changes and approvals name in `If-Match`'),
    keys: z.array(shownKeySchema).describe('Oldest first, without their secrets'),
    proposal: z
      .object({ settings: partnerRequestSchema, by: z.string() })
      .optional()
      .describe('Settings that wait for a second admin'),
  })
  .meta({ id: 'Partner' })

export const issuedPartnerKeySchema = shownKeySchema.extend({
  key: z.string().describe('Shown only in this answer'),
  partner: z.string(),
  version: z.int().describe('Version of the partner'),
})

export function partnerAnswer(partner: Partner, status = 200): Answer {
  return { status, headers: { ETag: etagOf(partner.version) }, body: shownPartner(partner) }
}
