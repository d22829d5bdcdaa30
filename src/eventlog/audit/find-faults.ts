import { createHash } from 'node:crypto'
import { auditEntryOf, type AuditEntry, type AuditHead, type RawAuditEntry } from './read-audit.ts'

export interface AuditFault {
  /** The number of the faulty entry. */
  readonly n: number
  readonly fault:
    /** No entry has this number. */
    | 'missing'
    /** The entry differs from the one that was written, or an entry before it was removed. */
    | 'changed'
    /** The saved content of the headline does not have the hash that the entry names. */
    | 'content'
}

/** Gives the saved content (JSON) of a headline's version; undefined when there is none. */
export type SavedContent = (headline: string, version: number) => string | undefined

/**
 * Finds the faults in a run of entries that follows `start` and ends at `end`: changed, added, removed and swapped
 * entries, and saved content that does not have the hash in its entry.
 */
export function findFaults(
  entries: readonly RawAuditEntry[],
  start: AuditHead,
  end: AuditHead,
  savedContent: SavedContent,
): AuditFault[] {
  const faults: AuditFault[] = []
  let before = start
  for (const entry of entries) {
    const fault = faultOf(entry, before, savedContent)
    if (fault) faults.push({ n: entry.n, fault })
    before = entry
  }
  if (before.n < end.n) faults.push({ n: before.n + 1, fault: 'missing' })
  else if (before.n > end.n || before.chain !== end.chain) faults.push({ n: before.n, fault: 'changed' })
  return faults
}

function faultOf(
  entry: RawAuditEntry,
  before: AuditHead,
  savedContent: SavedContent,
): AuditFault['fault'] | undefined {
  if (entry.n !== before.n + 1) return 'missing'
  if (sha1(before.chain + entry.json) !== entry.chain) return 'changed'
  const parsed = readEntry(entry)
  if (parsed?.n !== entry.n) return 'changed'
  return contentMatches(parsed, savedContent) ? undefined : 'content'
}

/** Parses an entry that may have been tampered with; undefined when it is not an audit entry. */
export function readEntry(entry: RawAuditEntry): AuditEntry | undefined {
  try {
    return auditEntryOf(entry)
  } catch {
    return undefined
  }
}

function contentMatches({ content, headline, after }: AuditEntry, savedContent: SavedContent): boolean {
  if (content === undefined || headline === undefined || !after) return true
  const saved = savedContent(headline, after.version)
  return saved !== undefined && sha1(saved) === content
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
