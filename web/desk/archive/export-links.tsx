import { FormattedMessage } from 'react-intl'

export interface ExportLinksProps {
  readonly feed: string
  /** The conditions of the search. */
  readonly query: URLSearchParams
}

/** All lines that fit as a file, not only those that show. */
export function ExportLinks({ feed, query }: ExportLinksProps) {
  const address = (format: string, more: Readonly<Record<string, string>> = {}) =>
    `/v1/feeds/${feed}/headlines/export?${new URLSearchParams([...query, ...Object.entries({ format, ...more })])}`
  return (
    <p className="view-links">
      {/* Spreadsheets take a file without the mark for Latin-1. */}
      <a href={address('csv', { bom: 'true' })} download>
        <FormattedMessage id="archive.csv" />
      </a>
      <a href={address('ndjson')} download>
        <FormattedMessage id="archive.ndjson" />
      </a>
    </p>
  )
}
