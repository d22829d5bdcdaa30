import { createHash } from 'node:crypto'
import { auditEntryOf, type AuditEntry, type AuditHead, type RawAuditEntry } from './read-audit.ts'

/** An entry to check. Without `json`, or with `erased`, it no longer has the text of its chain hash. */
export type CheckedEntry = Omit<RawAuditEntry, 'json'> & {
  readonly json: string | undefined
  readonly erased?: true
}

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

/** Gives the saved content (JSON) of a headline's version; `erased`: its words are gone; undefined: there is none. */
export type SavedContent = (
  headline: string,
  version: number,
) => string | { readonly erased: true } | undefined

/**
 * Finds the faults in a run of entries that follows `start` and ends at `end`: changed, added, removed and swapped
 * entries, and saved content that does not have the hash in its entry.
 */
export function findFaults(
  entries: readonly CheckedEntry[],
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
  entry: CheckedEntry,
  before: AuditHead,
  savedContent: SavedContent,
): AuditFault['fault'] | undefined {
  if (entry.n !== before.n + 1) return 'missing'
  // The entry after an erased one has the chain hash of both.
  if (entry.json === undefined) return undefined
  if (!entry.erased && sha1(before.chain + entry.json) !== entry.chain) return 'changed'
  const parsed = readEntry(entry)
  if (parsed?.n !== entry.n) return 'changed'
  return contentMatches(parsed, savedContent) ? undefined : 'content'
}

/** Parses an entry that may have been tampered with; undefined when it is not an audit entry. */
export function readEntry({ n, chain, json }: CheckedEntry): AuditEntry | undefined {
  try {
    return json === undefined ? undefined : auditEntryOf({ n, chain, json })
  } catch {
    return undefined
  }
}

function contentMatches({ content, headline, after }: AuditEntry, savedContent: SavedContent): boolean {
  if (content === undefined || headline === undefined || !after) return true
  const saved = savedContent(headline, after.version)
  if (typeof saved === 'object') return true
  return saved !== undefined && sha1(saved) === content
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
