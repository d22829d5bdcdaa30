import type { MessageId } from '../platform/languages.ts'
import { Table } from '../platform/table.tsx'
import { AuditRow, type AuditEntry } from './audit-row.tsx'

export interface AuditTableProps {
  readonly caption: MessageId
  readonly entries: readonly AuditEntry[]
  /** Each entry leads to its line. */
  readonly linksTo: 'line' | undefined
}

export function AuditTable({ caption, entries, linksTo }: AuditTableProps) {
  return (
    <Table
      caption={caption}
      columns={['audit.number', 'audit.at', 'audit.who', 'audit.act', 'audit.detail']}
      empty="audit.none"
    >
      {entries.map((entry) => (
        <AuditRow key={entry.n} entry={entry} linksTo={linksTo} />
      ))}
    </Table>
  )
}
