import { useQuery } from '@tanstack/react-query'
import { FormattedDate, FormattedMessage, FormattedNumber } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { Table } from '../platform/table.tsx'
import type { Painting } from '../results/painting.ts'
import { PaintingTable } from './painting-table.tsx'

interface Release {
  readonly version: number
  readonly position: string
  readonly releasedAt?: string
  readonly written: number
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly cleared?: { readonly screens: number; readonly cleared: number }
}

interface Receipt {
  readonly releases: readonly Release[]
  readonly onAir?: readonly Painting[]
}

export interface ReceiptTableProps {
  readonly api: ApiClient
  /** The path of the line. */
  readonly path: string
}

/** What readers received of each release of a line, and what outputs on air have shown of it. */
export function ReceiptTable({ api, path }: ReceiptTableProps) {
  const { data } = useQuery({
    queryKey: ['receipt', path],
    queryFn: () => api.read<Receipt>(`${path}/receipt`),
  })
  return (
    <>
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
        {(data?.releases ?? []).map(({ version, position, releasedAt, written, p50Ms, p99Ms, cleared }) => (
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
      <PaintingTable paintings={data?.onAir ?? []} />
    </>
  )
}
