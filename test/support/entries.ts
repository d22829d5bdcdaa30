import { createHash } from 'node:crypto'
import type { LogEntry } from '../../src/eventlog/read-log.ts'
import type { EventFrame } from '../../src/protocol/frames.ts'
import type { Op } from '../../src/protocol/lists/ops.ts'
import type { Headline } from '../../src/protocol/headline.ts'
import type { Urgency } from '../../src/protocol/lists/urgencies.ts'

export interface LineChange {
  /** Number of the headline. A removed headline is replaced by a new one. */
  readonly line: number
  readonly gone: string
  readonly section?: string | undefined
  readonly regions: readonly string[]
  readonly urgency: Urgency
}

const at = '2026-01-01T00:00:00.000Z'

/** The log that release-due.lua would write for these changes. */
export function entriesOf(changes: readonly LineChange[], epoch = 'abcdefgh'): LogEntry[] {
  const lines = new Map<number, { id: string; version: number; place: number }>()
  let chain = ''
  let seq = 0
  const entries: LogEntry[] = []
  for (const { line, gone, section, regions, urgency } of changes) {
    const known = lines.get(line)
    if (!known && gone !== 'no') continue
    seq++
    const now = known ?? { id: `line-${line}-${seq}`, version: 0, place: seq }
    now.version++
    const op = (gone !== 'no' ? gone : known ? 'correct' : 'publish') as Op
    if (gone === 'no' || gone === 'hold') lines.set(line, now)
    else lines.delete(line)
    const shown = {
      text: `Text ${seq}`,
      urgency,
      regions: [...regions],
      tags: [],
      ...(section && { section }),
    }
    const status = { no: 'live', hold: 'held', withdraw: 'withdrawn', expire: 'expired' }[gone]
    const headline = {
      ...now,
      status,
      publishedAt: at,
      updatedAt: at,
      ...(gone === 'no' && shown),
    } as Headline
    const event: EventFrame = { type: 'event', position: `${epoch}:${seq}`, op, at, headline }
    const json = JSON.stringify(event)
    chain = createHash('sha1')
      .update(chain + json)
      .digest('hex')
    entries.push({ seq, chain, json })
  }
  return entries
}
