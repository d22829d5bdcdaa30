import { createMetrics } from '../../src/platform/metrics.ts'

/** Metrics of Flashline and of its process, as Prometheus stores them: a histogram has names with suffixes. */
export function existingMetricNames(): string[] {
  return createMetrics()
    .registry.getMetricsAsArray()
    .flatMap(({ name }) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`])
}

/** The metrics of Flashline in a text; `flashline_nodejs_…` is no name. */
export function metricNamesIn(text: string): string[] {
  return [...new Set(text.match(/\bflashline(_[a-z0-9]+)+\b(?!_)/g))]
}
