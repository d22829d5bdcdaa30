import { FormattedMessage } from 'react-intl'
import { Table } from '../platform/table.tsx'
import { PaintedTimes } from '../results/painted-times.tsx'
import type { Painting } from '../results/painting.ts'

/** All that outputs on air have shown of a line. Nothing where no output has. */
export function PaintingTable({ paintings }: { readonly paintings: readonly Painting[] }) {
  if (paintings.length === 0) return null
  return (
    <Table
      caption="outputs.painted"
      columns={['outputs.output', 'archive.version', 'outputs.times']}
      empty="outputs.none"
    >
      {paintings.map((painting) => (
        <tr key={`${painting.output} ${painting.version} ${painting.first}`} data-painting={painting.name}>
          <th scope="row">
            <bdi>{painting.name}</bdi>
          </th>
          <td>
            <FormattedMessage id="outputs.version" values={{ version: painting.version }} />
          </td>
          <td>
            <PaintedTimes painting={painting} />
          </td>
        </tr>
      ))}
    </Table>
  )
}
