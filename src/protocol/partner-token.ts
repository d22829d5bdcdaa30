import { z } from 'zod'

export const TOKEN_AUDIENCE = 'flashline-readers'

/** The subject and the key of tokens by which people of the newsroom read on the desk: no partner has such an id. */
export const DESK_READER = { id: '@desk', key: 'session' } as const

/** The claims of a partner's token (RFC 7519) beside its times. */
export const tokenClaimsSchema = z.object({
  /** The partner. */
  sub: z.string(),
  /** The partner's key with which the token was made. */
  key: z.string(),
  /** Left out: all feeds of the partner. */
  feeds: z.array(z.string()).optional(),
  /** The site whose pages may use the token. Left out: no page of another site may. */
  origin: z.string().optional(),
})
