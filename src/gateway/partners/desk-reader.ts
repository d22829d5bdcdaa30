import type { PartnerAccess } from '../../eventlog/partners/partner-access.ts'
import { DESK_READER } from '../../protocol/partner-token.ts'

/** Above what a newsroom's desks need together. */
const LIMITS = { requestsPerMinute: 6_000, connections: 2_000 }

/**
 * The people of the newsroom, who read on the desk, as a reader with a token like those of partners. It may read the feeds
 * of the token, and only until its end (ms): a person who has lost the role gets no other token.
 */
export function deskReader(feeds: readonly string[], endsAt: number): PartnerAccess {
  return {
    id: DESK_READER.id,
    feeds: [...feeds],
    filter: {},
    origins: [],
    limits: LIMITS,
    expiresAt: new Date(endsAt).toISOString(),
    keys: [{ id: DESK_READER.key, hash: '' }],
  }
}
