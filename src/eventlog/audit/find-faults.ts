import { createHash } from 'node:crypto'
import { auditEntryOf, type AuditEntry, type AuditHead, type RawAuditEntry } from './read-audit.ts'

export interface AuditFault {
  /** Where it was found. */
  readonly n: number
  readonly fault:
    | 'missing'
    /** It is not what was written, or something before it was taken away. */
    | 'changed'
    /** The headline's saved content is not what the entry tells. */
    | 'content'
}

/** The saved content (JSON) of a headline's version; undefined where there is none. */
export type SavedContent = (headline: string, version: number) => string | undefined

/**
 * Finds any change in a run of entries that follows `start` and ends at `end`: a changed, added, removed or swapped
 * entry, and a content that is not the one that was saved.
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
  const told = readEntry(entry)
  if (told?.n !== entry.n) return 'changed'
  return contentHolds(told, savedContent) ? undefined : 'content'
}

/** Undefined where somebody has put something else in its place. */
export function readEntry(entry: RawAuditEntry): AuditEntry | undefined {
  try {
    return auditEntryOf(entry)
  } catch {
    return undefined
  }
}

function contentHolds({ content, headline, after }: AuditEntry, savedContent: SavedContent): boolean {
  if (content === undefined || headline === undefined || !after) return true
  const saved = savedContent(headline, after.version)
  return saved !== undefined && sha1(saved) === content
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
