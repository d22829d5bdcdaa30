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

interface Line {
  readonly id: string
  readonly place: number
  version: number
  shown: object
  held: boolean
}

/** The log that release-due.lua would write for these changes. A line that is on hold is resumed with its next text. */
export function entriesOf(changes: readonly LineChange[], epoch = 'abcdefgh'): LogEntry[] {
  const lines = new Map<number, Line>()
  let chain = ''
  let seq = 0
  const entries: LogEntry[] = []
  for (const { line, gone, section, regions, urgency } of changes) {
    const known = lines.get(line)
    if (gone === 'pin' ? known?.held !== false : !known && gone !== 'no') continue
    seq++
    const now = known ?? { id: `line-${line}-${seq}`, version: 0, place: seq, shown: {}, held: false }
    now.version++
    const op = (gone !== 'no' ? gone : now.held ? 'resume' : known ? 'correct' : 'publish') as Op
    if (gone === 'no')
      now.shown = {
        text: `Text ${seq}`,
        urgency,
        regions: [...regions],
        tags: [],
        ...(section && { section }),
      }
    now.held = gone === 'hold'
    if (gone === 'withdraw' || gone === 'expire') lines.delete(line)
    else lines.set(line, now)
    const status =
      { no: 'live', pin: 'live', hold: 'held', withdraw: 'withdrawn', expire: 'expired' }[gone] ?? gone
    const { id, version, place } = now
    const headline = {
      id,
      version,
      status,
      place,
      publishedAt: at,
      updatedAt: at,
      ...(status === 'live' && now.shown),
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
