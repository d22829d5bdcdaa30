import type { ApiClient } from '../platform/api-client.ts'
import type { AuditEntry } from './audit-row.tsx'

const MOST_PER_ANSWER = 500
/** One press of a button looks at this many answers of some thousand entries each. */
const MOST_ANSWERS = 20

interface Answer {
  readonly entries: readonly AuditEntry[]
  readonly through: number
  readonly head: { readonly n: number }
}

export interface LineAuditPage {
  /** Oldest first. */
  readonly entries: readonly AuditEntry[]
  /** The entry after which the search goes on; undefined: the audit has no more. */
  readonly through: number | undefined
}

/** The entries of one line after a number. The API looks through a part of the audit for each answer. */
export async function readLineAudit(
  api: ApiClient,
  path: string,
  { id, after }: { readonly id: string; readonly after: number },
): Promise<LineAuditPage> {
  const found: AuditEntry[] = []
  let through = after
  for (let answers = 0; answers < MOST_ANSWERS; answers++) {
    const query = `headline=${encodeURIComponent(id)}&after=${through}&limit=${MOST_PER_ANSWER}`
    const answer = await api.read<Answer>(`${path}?${query}`)
    found.push(...answer.entries)
    through = answer.through
    if (through >= answer.head.n) return { entries: found, through: undefined }
  }
  return { entries: found, through }
}
