import { z } from 'zod'
import { refusedCharacter } from './characters.ts'
import { feedRolesSchema } from './feed-roles.ts'
import { instantSchema } from './headline.ts'
import { roles } from './lists/roles.ts'
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

/** Shows nothing in an address: two addresses that differ in it look alike. */
const UNSEEN = /[\p{C}\p{DI}\p{Zl}\p{Zp}\u2800]/u

/**
 * Kept in lower case: two emails that differ only in the case of the letters a to z are one. No other letters are
 * folded: addresses that only look alike belong to different people. An issue about a character has `character` and
 * `position` in its `params`.
 */
export const emailSchema = z
  .string()
  .max(254)
  .transform((written, context) => {
    const email = written.trim()
    const characters = Array.from(email)
    const at = characters.findIndex((character) => UNSEEN.test(character))
    if (at === -1) return email.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
    // All white space at the beginning has one code unit for each code point.
    const offset = written.length - written.trimStart().length
    const unseen = refusedCharacter(characters[at] ?? '', offset + at, {
      name: 'a control or invisible character',
    })
    const { character, position, message } = unseen
    context.addIssue({ code: 'custom', message, params: { character, position } })
    return z.NEVER
  })
  .refine((email) => /^[^\s@<>"',;]+@[^\s@<>"',;]+$/.test(email), 'not an email address')

const newPassword = z.string().min(12, 'shorter than 12 characters').max(256)
/** Bounded, because hashing takes time that grows with the length. */
const anyPassword = z.string().max(256)
const token = z.string().max(200)

const code = z.string().trim().max(40)

export const signInSchema = z.union([
  /** `code`: of the second factor, or a recovery code; it may also be given afterwards. */
  z.strictObject({ email: emailSchema, password: anyPassword, code: code.optional() }),
  z.strictObject({ token }),
])

export const codeSchema = z.strictObject({ code })

/** `current` where the account has a password. */
export const passwordChangeSchema = z.strictObject({ current: anyPassword.optional(), password: newPassword })

/** `password` where the account has one; `code`: of the second factor, or a recovery code. */
export const factorRemovalSchema = codeSchema.extend({ password: anyPassword.optional() })

/** `password` where the account has one. */
export const ownPasswordSchema = z.strictObject({ password: anyPassword.optional() })

export const invitationSchema = z.strictObject({ email: emailSchema, roles: givenRoles })

export const acceptanceSchema = z.strictObject({ token, name: personName, password: newPassword })

/** `tokens`: one, or where the two-person rule is on, those of two admins. */
export const recoverySchema = z.strictObject({ tokens: z.array(token).min(1).max(2), password: newPassword })

/** Without any role a person can sign in but do nothing. */
export const rolesChangeSchema = z.strictObject({ roles: feedRolesSchema })
