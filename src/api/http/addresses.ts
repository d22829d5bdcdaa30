import type { HeadlineRecord } from '../../eventlog/read-headline.ts'
import { withoutAddress } from '../../eventlog/store/act.ts'
import { atLeast, type Role } from '../../protocol/lists/roles.ts'
import type { Principal } from './principal.ts'

/** The least role that sees from which address a colleague has acted. */
export const ADDRESS_ROLE: Role = 'chief'

/** The headline as the caller may see it: without the addresses of colleagues for less than a chief. */
export function recordFor(who: Principal, feed: string, record: HeadlineRecord): HeadlineRecord {
  if (atLeast(who.roleIn(feed), ADDRESS_ROLE)) return record
  return {
    ...record,
    versions: record.versions.map((version) => ({ ...version, act: withoutAddress(version.act) })),
  }
}
