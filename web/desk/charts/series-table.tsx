import { FormattedNumber, useIntl } from 'react-intl'
import { Table } from '../platform/table.tsx'
import type { SeriesChartProps } from './series-chart.tsx'
import { stepText } from './step-text.ts'

/** The figures of a chart. Steps without any are left out. */
export function SeriesTable({ title, series, steps, isByHour }: Omit<SeriesChartProps, 'kind'>) {
  const intl = useIntl()
  const shown = steps.filter((step) => series.some((each) => (step[each] ?? 0) > 0))
  return (
    <Table
      caption={title}
      columns={['charts.time', ...series.map((each) => `charts.series.${each}` as const)]}
      empty="charts.nothing"
    >
      {shown.map((step) => (
        <tr key={step.at}>
          <th scope="row">{stepText(intl, step.at, isByHour)}</th>
          {series.map((each) => (
            <td key={each} className="table-number">
              {step[each] !== null && <FormattedNumber value={step[each]} />}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  )
}
