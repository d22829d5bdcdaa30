import type { AuditEntry } from '../../eventlog/audit/read-audit.ts'
import type { Painting } from '../../protocol/as-run.ts'

/** Words on an output since one start of its graphic. */
export interface SessionPainting extends Painting {
  readonly session: string
}

/** The detail of an entry `on-air`; only Flashline writes entries. */
interface PaintedDetail {
  readonly output: string
  readonly session: string
  readonly version: number
  readonly edge: 'first' | 'last'
  readonly at: string
}

/** The paintings that the entries of an audit tell of, oldest first. A report that is repeated changes nothing. */
export function paintingsOf(entries: readonly AuditEntry[]): SessionPainting[] {
  const found = new Map<string, SessionPainting>()
  for (const { action, headline, act, detail } of entries) {
    if (action !== 'on-air' || headline === undefined) continue
    const { output, session, version, edge, at } = detail as unknown as PaintedDetail
    const key = [output, session, headline, version].join()
    const before = found.get(key)
    const painting = { output, name: act.name, headline, version, session, ...before }
    const first = before === undefined || at < before.first ? at : before.first
    const last = edge === 'last' && !(before?.last !== undefined && before.last > at) ? at : before?.last
    found.set(key, { ...painting, first, ...(last !== undefined && { last }) })
  }
  return [...found.values()].sort((a, b) => a.first.localeCompare(b.first))
}

/** Those whose words were in a picture at a time (ms since 1970). */
export function wasPaintedAt(all: readonly SessionPainting[], at: number): Painting[] {
  const began = all.filter(({ first }) => Date.parse(first) <= at)
  // A start of the graphic empties the picture of the start before, also where that one could report no last frame.
  const newest = new Map(began.map(({ output, session }) => [output, session]))
  return began
    .filter(({ output, session, last }) =>
      last === undefined ? newest.get(output) === session : Date.parse(last) >= at,
    )
    .map(({ session: _, ...painting }) => painting)
}
