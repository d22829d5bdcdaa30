import type { ApiClient } from '../platform/api-client.ts'
import type { AuditEntry } from './audit-row.tsx'

const ENTRIES_PER_PAGE = 100
/** After every entry: the answer has only the number of the newest one. */
const END = 999_999_999_999_999

interface Answer {
  readonly entries: readonly AuditEntry[]
  readonly head: { readonly n: number }
}

export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[]
  /** The number before which the next page ends; undefined: this is the first entry. */
  readonly earlier: number | undefined
}

/** The entries before a number, newest first; undefined: the newest ones. The API gives them oldest first. */
export async function readAuditBefore(
  api: ApiClient,
  path: string,
  before: number | undefined,
): Promise<AuditPage> {
  const end = before ?? (await api.read<Answer>(`${path}?after=${END}&limit=1`)).head.n + 1
  const after = Math.max(0, end - 1 - ENTRIES_PER_PAGE)
  const { entries } = await api.read<Answer>(`${path}?after=${after}&limit=${ENTRIES_PER_PAGE}`)
  return {
    entries: entries.filter(({ n }) => n < end).reverse(),
    earlier: after > 0 ? after + 1 : undefined,
  }
}
