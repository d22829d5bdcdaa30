import { expect, it } from '@jest/globals'
import { readdir, readFile } from 'node:fs/promises'
import { settings } from '../../src/platform/config.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { tableUnder } from '../support/markdown-table.ts'
import { existingMetricNames, metricNamesIn } from '../support/metric-names.ts'
import { alertRules } from '../support/prometheus-rules.ts'

/** Operators use the names in docs/operators.md for alerts and settings. */
const guide = () => readFile(new URL('../../docs/operators.md', import.meta.url), 'utf8')

it('names only existing metrics, and all metrics of Flashline', async () => {
  const names = existingMetricNames()
  const named = metricNamesIn(await guide())
  expect(named.filter((name) => !names.includes(name))).toEqual([])
  const metrics = createMetrics().registry.getMetricsAsArray()
  const own = metrics.map(({ name }) => name).filter((name) => !/^flashline_(nodejs|process)_/.test(name))
  expect(own.filter((name) => !named.includes(name))).toEqual([])
})

it('names settings that exist', async () => {
  const named = tableUnder(await guide(), '## Settings').flatMap(({ setting = '' }) => {
    return setting.match(/[A-Z]+(_[A-Z]+)*_?/g) ?? []
  })
  const known = Object.keys(settings)
  expect(named.length).toBeGreaterThan(10)
  // "OIDC_…" means all settings with this prefix.
  expect(
    named.filter(
      (name) => !known.some((each) => each === name || (name.endsWith('_') && each.startsWith(name))),
    ),
  ).toEqual([])
})

it('names log events that exist', async () => {
  const named = tableUnder(await guide(), '### Logs').flatMap(({ event = '' }) => event.split(', '))
  const sources = await Promise.all(['src', 'workers'].map((folder) => sourcesIn(folder)))
  const code = sources.flat().join('\n')
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((name) => !code.includes(`'${name}'`))).toEqual([])
})

it('no alert fires on the burst of a proxy that is reloaded', async () => {
  const rules = await alertRules()
  expect(rules.length).toBeGreaterThan(10)
  const ofReaders = rules.filter(({ expr }) => BURSTS.test(expr))
  expect(ofReaders.length).toBeGreaterThan(1)
  for (const { alert, expr, for: wait = '0m' } of ofReaders) {
    expect(`${alert} ${expr}`).not.toMatch(/protocol-error|increase\(|offset/)
    const window = Math.max(0, ...Array.from(expr.matchAll(/\[(\d+)m\]/g), ([, minutes]) => Number(minutes)))
    // The burst has left the window one evaluation before the alert would fire.
    expect([alert, Number.parseInt(wait) > window]).toEqual([alert, true])
  }
})

/** Metrics in which readers who all come back at once, or whose frames are broken, show. */
const BURSTS =
  /flashline_(sessions|sessions_closed_total|connections_refused_total|resets_total|sessions_blocked)\b/

async function sourcesIn(folder: string): Promise<string[]> {
  const root = new URL(`../../${folder}/`, import.meta.url)
  const files = await readdir(root, { recursive: true })
  return Promise.all(
    files.filter((file) => file.endsWith('.ts')).map((file) => readFile(new URL(file, root), 'utf8')),
  )
}
