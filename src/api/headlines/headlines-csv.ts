import { stringify } from 'csv-stringify/sync'
import type { HeadlineSummary } from '../../eventlog/read-summaries.ts'

/** The columns, in their order. A new one goes to the end: programs may count them. */
const columns = [
  ...['id', 'status', 'version', 'createdAt', 'publishedAt', 'updatedAt', 'expiresAt', 'urgency', 'speaker'],
  ...['text', 'section', 'regions', 'tags', 'link', 'source', 'story', 'lang', 'note', 'erased'],
]

const BYTE_ORDER_MARK = '\uFEFF'

/** The first line. `bom`: some spreadsheets take a file for UTF-8 only if it begins with this mark. */
export function csvHead(bom: boolean): string {
  return (bom ? BYTE_ORDER_MARK : '') + stringify([columns], dialect)
}

export function csvRow(line: HeadlineSummary): string {
  const { content, ...record } = line
  const cells: Readonly<Record<string, unknown>> = { ...content, ...record }
  return stringify([columns.map((name) => cellOf(cells[name]))], dialect)
}

/** RFC 4180. A spreadsheet would run a cell that begins as a formula, so such a cell gets an apostrophe in front. */
const dialect = { escape_formulas: true, record_delimiter: 'windows' } as const

function cellOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ')
  return typeof value === 'string' || typeof value === 'number' || value === true ? String(value) : ''
}
