import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { RefusedError } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import type { ViewProps } from '../platform/view-props.ts'
import { SeriesChart, type SeriesChartProps } from './series-chart.tsx'
import { SeriesTable } from './series-table.tsx'
import { periods, useSeries, type Period } from './use-series.ts'
import '../platform/table.css'
import './charts.css'

const charts: readonly Pick<SeriesChartProps, 'title' | 'kind' | 'series'>[] = [
  { title: 'charts.acts', kind: 'bars', series: ['releases', 'corrections', 'withdrawals', 'holds'] },
  { title: 'charts.flashes', kind: 'bars', series: ['flashes'] },
  { title: 'charts.readers', kind: 'lines', series: ['readers'] },
  { title: 'charts.latency', kind: 'lines', series: ['p50Ms', 'p99Ms'] },
]

/** What a feed did by time. Each chart has its figures as a table, too. */
export function ChartsView({ api, feed }: ViewProps) {
  const intl = useIntl()
  const [period, setPeriod] = useState<Period>('day')
  const { data: steps, error } = useSeries(api, feed.id, period)
  return (
    <section className="view-part" aria-labelledby="charts-title">
      <h2 id="charts-title">
        <FormattedMessage id="charts.title" values={{ feed: <bdi>{feed.title}</bdi> }} />
      </h2>
      <NativeSelect
        className="view-narrow"
        label={<FormattedMessage id="charts.period" />}
        value={period}
        data={periods.map((value) => ({
          value,
          label: intl.formatMessage({ id: `charts.period.${value}` }),
        }))}
        onChange={({ currentTarget: { value } }) =>
          setPeriod(periods.find((each) => each === value) ?? 'day')
        }
      />
      <Fault refusal={error instanceof RefusedError ? error.refusal : undefined} />
      {steps && (
        <div className="charts">
          {charts.map((chart) => (
            <figure key={chart.title} className="chart" data-chart={chart.title}>
              <figcaption>
                <FormattedMessage id={chart.title} />
              </figcaption>
              {steps.some((step) => chart.series.some((each) => (step[each] ?? 0) > 0)) ? (
                <>
                  <SeriesChart {...chart} steps={steps} isByHour={period === 'day'} />
                  <details>
                    <summary>
                      <FormattedMessage id="charts.asTable" />
                    </summary>
                    <SeriesTable {...chart} steps={steps} isByHour={period === 'day'} />
                  </details>
                </>
              ) : (
                <p className="dim">
                  <FormattedMessage id="charts.nothing" />
                </p>
              )}
            </figure>
          ))}
        </div>
      )}
      <p className="dim">
        <FormattedMessage id="charts.help" />
      </p>
    </section>
  )
}
