import { z } from 'zod'
import { feedRolesSchema } from './feed-roles.ts'
import { instantSchema } from './headline.ts'
import { roles } from './roles.ts'
import { plainLine } from './text.ts'

const personName = plainLine(80)
const givenRoles = feedRolesSchema.refine((given) => Object.keys(given).length > 0, 'no role at all')

/** `role` is short for that role in every feed. */
export const newKeySchema = z
  .strictObject({
    name: personName,
    kind: z.enum(['person', 'service']).default('person'),
    role: z.enum(roles).optional(),
    roles: givenRoles.optional(),
    expiresAt: instantSchema.optional(),
  })
  .transform(({ role, roles: given, ...rest }, context) => {
    const both = role === undefined ? given : given ? undefined : { '*': role }
    if (both) return { ...rest, roles: both }
    context.addIssue({ code: 'custom', message: 'either role or roles', path: ['roles'] })
    return z.NEVER
  })
