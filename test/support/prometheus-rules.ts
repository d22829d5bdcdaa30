import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export interface AlertRule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
}

export interface RuleTest {
  readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[]
}

export const rulesFile = fileURLToPath(
  new URL('../../deploy/prometheus/flashline-rules.yaml', import.meta.url),
)
export const rulesTestFile = fileURLToPath(
  new URL('../../deploy/prometheus/flashline-rules.test.yaml', import.meta.url),
)

export async function alertRules(): Promise<readonly AlertRule[]> {
  const { groups } = parse(await readFile(rulesFile, 'utf8')) as {
    groups: readonly { rules: readonly AlertRule[] }[]
  }
  return groups.flatMap(({ rules }) => rules)
}
