import { stringify } from 'csv-stringify/sync'
import type { LiveHeadline } from '../protocol/headline.ts'
import type { DocumentSource } from './document-source.ts'

/** The columns, in their order. A new one goes to the end: programs may count them. */
const columns = [
  ...[
    'id',
    'status',
    'version',
    'publishedAt',
    'updatedAt',
    'expiresAt',
    'urgency',
    'speaker',
    'text',
    'section',
  ],
  ...['regions', 'tags', 'link', 'source', 'story', 'lang', 'corrected', 'refiled', 'note'],
] as const

type PublicLine = Partial<Omit<LiveHeadline, 'status'>> & { readonly id: string; readonly status: string }

/** The public headlines as readers of the protocol get them, with those that were taken back, the newest first. */
export function linesJson(source: DocumentSource): string {
  const { feed, changedAt, licence } = source
  return JSON.stringify({ feed, changedAt, license: licence, lines: publicLines(source) })
}

export function linesNdjson(source: DocumentSource): string {
  return publicLines(source)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
}

/** RFC 4180. A spreadsheet would run a cell that begins as a formula, so such a cell gets an apostrophe in front. */
export function linesCsv(source: DocumentSource): string {
  const rows = publicLines(source).map((line) => columns.map((name) => cellOf(line[name])))
  return stringify([[...columns], ...rows], { escape_formulas: true, record_delimiter: 'windows' })
}

function cellOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function publicLines({ lines, takenBack }: DocumentSource): PublicLine[] {
  const out = takenBack.filter(({ status }) => status !== 'live')
  const showing = lines.filter(
    ({ id, version }) => !out.some((line) => line.id === id && line.version >= version),
  )
  const removed = out.filter(({ id }) => !showing.some((line) => line.id === id))
  return [...showing, ...removed].sort((a, b) => b.place - a.place)
}
