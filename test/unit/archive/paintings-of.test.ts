import { expect, it } from '@jest/globals'
import { paintingsOf, wasPaintedAt } from '../../../src/archive/reading/paintings-of.ts'
import type { AuditEntry } from '../../../src/eventlog/audit/read-audit.ts'

const time = (second: number) => new Date(second * 1_000).toISOString()

interface Reported {
  readonly headline: string
  readonly edge: 'first' | 'last'
  readonly at: number
  readonly output?: string
  readonly session?: string
}

const entry = ({ headline, edge, at, output = 'studio', session = 'one' }: Reported): AuditEntry => ({
  n: 1,
  at: time(at + 2),
  headline,
  action: 'on-air',
  act: { by: `output:${output}`, person: output, name: output },
  detail: { output, session, version: 1, edge, at: time(at) },
})

const shownAt = (second: number, ...reports: Reported[]) =>
  wasPaintedAt(paintingsOf(reports.map(entry)), second * 1_000).map(
    ({ output, headline }) => `${output} ${headline}`,
  )

it('words are on air from their first frame to their last one', () => {
  const reports = [
    { headline: 'a', edge: 'first', at: 10 },
    { headline: 'b', edge: 'first', at: 20 },
    { headline: 'a', edge: 'last', at: 30 },
  ] as const
  expect([9, 10, 20, 30, 31].map((at) => shownAt(at, ...reports))).toEqual([
    [],
    ['studio a'],
    ['studio a', 'studio b'],
    ['studio a', 'studio b'],
    ['studio b'],
  ])
})

it('a report that comes twice or late changes nothing', () => {
  const first = { headline: 'a', edge: 'first', at: 10 } as const
  const last = { headline: 'a', edge: 'last', at: 30 } as const
  expect(paintingsOf([last, first, first, last].map(entry))).toEqual(paintingsOf([first, last].map(entry)))
  expect(shownAt(20, last, first)).toEqual(['studio a'])
})

it('a start of the graphic ends what the start before could not end, on this output only', () => {
  const reports = [
    { headline: 'a', edge: 'first', at: 10 },
    { headline: 'a', edge: 'first', at: 11, output: 'van' },
    { headline: 'b', edge: 'first', at: 20, session: 'two' },
  ] as const
  expect(shownAt(15, ...reports)).toEqual(['studio a', 'van a'])
  expect(shownAt(25, ...reports)).toEqual(['van a', 'studio b'])
})

it('other entries of the audit are none', () => {
  expect(paintingsOf([{ ...entry({ headline: 'a', edge: 'first', at: 1 }), action: 'publish' }])).toEqual([])
})
