import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { tableUnder } from '../support/markdown-table.ts'
import { existingMetricNames, metricNamesIn } from '../support/metric-names.ts'
import { alertRules, rulesFile, rulesTestFile, type RuleTest } from '../support/prometheus-rules.ts'
import { findPromtool } from '../support/promtool.ts'

const run = promisify(execFile)
const promtool = await findPromtool()

if (promtool)
  it('each alert fires, and keeps silent, as promtool finds it in the tests of the rules', async () => {
    const { binary, env } = promtool
    const options = { env: { ...process.env, ...env }, timeout: 60_000 }
    // promtool fails with the alerts that differ in its message.
    const { stdout } = await run(binary, ['test', 'rules', rulesTestFile], options)
    expect(stdout).toMatch(/^\s+SUCCESS$/m)
  })
else it.skip('promtool: not found on this computer', () => undefined)

it('each alert has a case in which it fires, and one in which it keeps silent', async () => {
  const { tests } = parse(await readFile(rulesTestFile, 'utf8')) as { tests: readonly RuleTest[] }
  const checks = tests.flatMap((test) => test.alert_rule_test)
  for (const { alert } of await alertRules()) {
    const counts = checks
      .filter(({ alertname }) => alertname === alert)
      .map(({ exp_alerts }) => exp_alerts.length)
    expect([alert, counts.includes(0), counts.some((count) => count > 0)]).toEqual([alert, true, true])
  }
})

it('the alerts ask for metrics that exist', async () => {
  const named = metricNamesIn(await readFile(rulesFile, 'utf8'))
  const existing = existingMetricNames()
  expect(named.length).toBeGreaterThan(15)
  expect(named.filter((name) => !existing.includes(name))).toEqual([])
})

it('docs/operators.md says of each alert how urgent it is and what to do', async () => {
  const guide = await readFile(new URL('../../docs/operators.md', import.meta.url), 'utf8')
  const rows = tableUnder(guide, '#### Alerts')
  const rules = await alertRules()
  expect(rows.map(({ alert, severity }) => [alert, severity])).toEqual(
    rules.map(({ alert, labels }) => [alert, labels.severity]),
  )
  expect(rows.filter((row) => !row['what to do'])).toEqual([])
})
