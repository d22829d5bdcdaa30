import { useQuery } from '@tanstack/react-query'
import { FormattedDate, FormattedMessage, FormattedNumber } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { Table } from '../platform/table.tsx'

interface Release {
  readonly version: number
  readonly position: string
  readonly releasedAt?: string
  readonly written: number
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly cleared?: { readonly screens: number; readonly cleared: number }
}

export interface ReceiptTableProps {
  readonly api: ApiClient
  /** The path of the line. */
  readonly path: string
}

/** What readers received of each release of a line. */
export function ReceiptTable({ api, path }: ReceiptTableProps) {
  const { data: releases = [] } = useQuery({
    queryKey: ['receipt', path],
    queryFn: async () => (await api.read<{ releases: readonly Release[] }>(`${path}/receipt`)).releases,
  })
  return (
    <Table
      caption="archive.receipts"
      columns={[
        'archive.version',
        'receipt.position',
        'archive.released',
        'receipt.written',
        'receipt.p50',
        'receipt.p99',
        'receipt.cleared',
      ]}
      empty="archive.noReceipts"
    >
      {releases.map(({ version, position, releasedAt, written, p50Ms, p99Ms, cleared }) => (
        <tr key={position}>
          <th scope="row">{version}</th>
          <td>
            <bdi dir="ltr">{position}</bdi>
          </td>
          <td>
            {releasedAt !== undefined && (
              <FormattedDate value={releasedAt} dateStyle="medium" timeStyle="medium" />
            )}
          </td>
          <td>
            <FormattedNumber value={written} />
          </td>
          <td>{p50Ms !== null && <FormattedMessage id="health.ms" values={{ ms: p50Ms }} />}</td>
          <td>{p99Ms !== null && <FormattedMessage id="health.ms" values={{ ms: p99Ms }} />}</td>
          <td>{cleared && <FormattedMessage id="receipt.clearedOf" values={cleared} />}</td>
        </tr>
      ))}
    </Table>
  )
}
