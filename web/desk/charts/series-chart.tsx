import { useDirection } from '@mantine/core'
import { useIntl } from 'react-intl'
import { Bar, BarChart, CartesianGrid, Legend, Line, LineChart, Tooltip, XAxis, YAxis } from 'recharts'
import type { MessageId } from '../platform/languages.ts'
import { stepText } from './step-text.ts'
import type { Step } from './use-series.ts'

export type SeriesName = Exclude<keyof Step, 'at'>

export interface SeriesChartProps {
  readonly title: MessageId
  readonly kind: 'bars' | 'lines'
  readonly series: readonly SeriesName[]
  readonly steps: readonly Step[]
  readonly isByHour: boolean
}

/** Each has a contrast of 3 to 1 with light and dark grounds, and differs in lightness from the next. */
const colors = ['#2f7fd6', '#c4622d', '#b5495b', '#7a7f87']
/** Lines differ by more than their colour. */
const dashes = ['', '6 4']

/** The table beside it has the same figures: this picture is for the eye only, and nothing in it moves. */
export function SeriesChart({ kind, series, steps, isByHour }: SeriesChartProps) {
  const intl = useIntl()
  const { dir } = useDirection()
  const Chart = kind === 'bars' ? BarChart : LineChart
  const name = (each: SeriesName) => intl.formatMessage({ id: `charts.series.${each}` })
  return (
    <div aria-hidden="true" dir="ltr">
      <Chart
        data={[...steps]}
        responsive
        accessibilityLayer={false}
        className="chart-picture"
        width="100%"
        height={220}
        margin={{ top: 8, right: 8, bottom: 0, left: 8 }}
      >
        <CartesianGrid vertical={false} stroke="var(--mantine-color-default-border)" />
        <XAxis
          dataKey="at"
          reversed={dir === 'rtl'}
          tickFormatter={(at: string) => stepText(intl, at, isByHour)}
          tick={{ fill: 'currentColor', fontSize: 12 }}
          minTickGap={16}
        />
        <YAxis
          orientation={dir === 'rtl' ? 'right' : 'left'}
          allowDecimals={false}
          width="auto"
          tick={{ fill: 'currentColor', fontSize: 12 }}
          tickFormatter={(value: number) => intl.formatNumber(value)}
        />
        <Tooltip
          isAnimationActive={false}
          wrapperClassName="chart-tip"
          labelFormatter={(at) => (typeof at === 'string' ? stepText(intl, at, isByHour) : at)}
          formatter={(value) => intl.formatNumber(Number(value))}
        />
        {series.length > 1 && <Legend formatter={(value: string) => <bdi>{value}</bdi>} />}
        {series.map((each, n) =>
          kind === 'bars' ? (
            <Bar
              key={each}
              dataKey={each}
              name={name(each)}
              fill={colors[n] ?? 'currentColor'}
              isAnimationActive={false}
            />
          ) : (
            <Line
              key={each}
              dataKey={each}
              name={name(each)}
              stroke={colors[n] ?? 'currentColor'}
              strokeWidth={2}
              strokeDasharray={dashes[n] ?? ''}
              connectNulls
              isAnimationActive={false}
            />
          ),
        )}
      </Chart>
    </div>
  )
}
