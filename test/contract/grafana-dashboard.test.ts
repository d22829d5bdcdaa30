import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { existingMetricNames, metricNamesIn } from '../support/metric-names.ts'
import { findPromtool } from '../support/promtool.ts'

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string }[]
}

const text = await readFile(new URL('../../deploy/grafana/flashline.json', import.meta.url), 'utf8')
const { panels } = JSON.parse(text) as { panels: readonly Panel[] }
const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
const promtool = await findPromtool()

it('the dashboard shows each metric of Flashline, and no metric that does not exist', () => {
  const shown = metricNamesIn(queries.join('\n'))
  const existing = existingMetricNames()
  expect(shown.filter((name) => !existing.includes(name))).toEqual([])
  const own = existing.filter((name) => !/^flashline_(nodejs|process)_|_(bucket|count|sum)$/.test(name))
  // A histogram is asked for by its buckets.
  expect(own.filter((name) => !shown.includes(name) && !shown.includes(`${name}_bucket`))).toEqual([])
})

it('the panels have numbers of their own, lie in the grid and do not cover each other', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
    expect(x + w).toBeLessThanOrEqual(24)
    return Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`)
  })
  expect(new Set(cells).size).toBe(cells.length)
})

if (promtool)
  it('Prometheus reads each query of the dashboard', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flashline-grafana-'))
    try {
      const rules = queries.map((expr, at) => ({
        record: `query:${at}`,
        expr: expr.replaceAll('$__rate_interval', '1m'),
      }))
      const file = join(folder, 'queries.yaml')
      // JSON is YAML.
      await writeFile(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }))
      const env = { ...process.env, ...promtool.env }
      const { stdout } = await promisify(execFile)(promtool.binary, ['check', 'rules', file], { env })
      expect(stdout).toContain(`SUCCESS: ${queries.length} rules found`)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
else it.skip('promtool: not found on this computer', () => undefined)
