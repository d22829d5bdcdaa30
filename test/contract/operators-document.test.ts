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

it('says what to do about each warning and error of the log', async () => {
  const rows = tableUnder(await guide(), '### Logs')
  const named = rows.flatMap(({ event = '' }) => event.split(', '))
  const code = (await Promise.all(['src', 'workers'].map((folder) => sourcesIn(folder)))).flat().join('\n')
  const logged = Array.from(
    code.matchAll(/\.(?:warn|error|fatal)\(\s*\{[^}]*?\bevent: '([a-z-]+)'/g),
    ([, event = '']) => event,
  )
  expect(logged.length).toBeGreaterThan(40)
  expect([...new Set(logged)].filter((event) => !named.includes(event))).toEqual([])
  expect(rows.filter((row) => !row['what to do'])).toEqual([])
})

it('says what to do about each word of /readyz', async () => {
  const text = await guide()
  const [failing, warnings] = [tableUnder(text, '#### Failing'), tableUnder(text, '#### Warnings')]
  expect([...failing, ...warnings].filter((row) => !row['what to do'])).toEqual([])
  const named = [...failing.map((row) => row.failing), ...warnings.map((row) => row.warnings)]
    .flatMap((cell = '') => cell.split(', '))
    .filter((word, at, all) => all.indexOf(word) === at)
  expect(named.sort()).toEqual((await readinessWords()).sort())
})

/** Every word that can be in `failing` and `warnings`, from the code that makes them. */
async function readinessWords(): Promise<string[]> {
  const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
  const roles = (await read('src/service/role-readiness.ts')).replaceAll(/^import .*$/gm, '')
  const health = await read('src/platform/health-routes.ts')
  const own = health.slice(health.indexOf('const failing = ['), health.indexOf('/** Names of this computer'))
  // The code compares with these words. A word that is neither here nor in the guide fails the test.
  const compared = ['gateway', 'unanswered', 'read', 'remembered', 'unknown', 'yes', 'no', 'right', 'record']
  const others = [
    ...compared,
    'channel',
    'store',
    'always',
    'ready',
    'not-ready',
    'text/plain',
    'forbidden',
    'no-store',
  ]
  const literals = Array.from(`${roles}${own}`.matchAll(/'([a-z/-]+)'/g), ([, word = '']) => word)
  const keys = await read('src/eventlog/store/redis-keys.ts')
  const channels = Array.from(
    keys.matchAll(/\bChannel\b.*\n\s+\w+: `\S*:([a-z-]+)`/g),
    ([, kind = '']) => `redis-refuses-${kind}`,
  )
  const archive = /type ArchiveFault = (.*)/.exec(await read('src/archive/archive.ts'))?.[1] ?? ''
  const states = [...Array.from(archive.matchAll(/'([a-z-]+)'/g), ([, state = '']) => state), 'other']
  const words = [
    ...['redis', 'feeds'],
    ...literals.filter((word) => !others.includes(word)),
    ...['everysec', 'no', 'unknown'].map((durability) => `redis-durability-${durability}`),
    ...channels,
    ...states.map((state) => `archive-${state}`),
  ]
  return [...new Set(words)]
}

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
