import { z } from 'zod'
import type { Account } from '../../people/account.ts'
import type { People } from '../../people/people.ts'
import { openRecovery } from '../../people/recovery.ts'
import { feedRolesSchema } from '../../protocol/feed-roles.ts'

export const accountSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    roles: feedRolesSchema,
    createdAt: z.iso.datetime(),
    disabled: z.boolean(),
    secondFactor: z.boolean(),
    version: z.int().describe('Its `ETag`, which the approval names in `If-Match`'),
    proposal: z
      .object({
        roles: feedRolesSchema,
        by: z.string(),
        removal: z.literal(true).optional().describe('The account is to be removed'),
      })
      .optional()
      .describe('Roles, or a removal, that wait for a second admin'),
    recovery: z
      .object({
        by: z.string(),
        until: z.iso.datetime(),
        waitsFor: z.literal('approval').optional().describe('It waits for a second admin'),
      })
      .optional()
      .describe('An admin lets the person back in, who has not come yet'),
  })
  .meta({ id: 'Account' })

/** The account without its secrets. */
export function shownAccount(people: Pick<People, 'clock'>, from: Account): z.output<typeof accountSchema> {
  const { id, email, name, roles, createdAt, disabled, totp, version, proposal } = from
  const secondFactor = totp !== undefined
  const always = { id, email, name, roles, createdAt, disabled, secondFactor, version }
  const recovery = openRecovery(people, from)
  return { ...always, ...(proposal && { proposal }), ...(recovery && { recovery: shownRecovery(recovery) }) }
}

function shownRecovery({ tokens: [first], until, waitsFor }: NonNullable<Account['recovery']>) {
  const by = first?.by ?? ''
  return { by, until: new Date(until).toISOString(), ...(waitsFor && { waitsFor }) }
}
