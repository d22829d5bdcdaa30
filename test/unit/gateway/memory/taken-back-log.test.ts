import { describe, expect, it } from '@jest/globals'
import { TakenBackLog } from '../../../../src/gateway/memory/taken-back-log.ts'
import type { EventFrame } from '../../../../src/protocol/frames.ts'
import type { Op } from '../../../../src/protocol/lists/ops.ts'
import { idOf, lineOf, takenBackOf } from '../../../support/document-source.ts'

function event(op: Op, version: number, status: 'live' | 'held' | 'withdrawn' | 'expired'): EventFrame {
  const { id, place, publishedAt, updatedAt } = lineOf('a', 1)
  const tombstone = { id, version, status, place, publishedAt, updatedAt }
  const headline = status === 'live' ? lineOf('a', 1, { version }) : { ...tombstone, status }
  return { type: 'event', position: `aaaaaaaa:${version}`, op, at: updatedAt, headline }
}

const statuses = (log: TakenBackLog) => [...(log.lines?.values() ?? [])].map(({ id, status }) => [id, status])

describe('the headlines that were taken back', () => {
  it('are not known before the index is read', () => {
    const log = new TakenBackLog()
    log.append(event('withdraw', 2, 'withdrawn'))
    expect(log.lines).toBeUndefined()
    log.load([])
    expect(statuses(log)).toEqual([[idOf('a'), 'withdrawn']])
    log.clear()
    expect(log.lines).toBeUndefined()
  })

  it('follow the events, and have no word', () => {
    const log = new TakenBackLog()
    log.load([])
    const after = (...of: Parameters<typeof event>) => {
      log.append(event(...of))
      return statuses(log).map(([, status]) => status)
    }
    expect(after('publish', 1, 'live')).toEqual([])
    expect(after('hold', 2, 'held')).toEqual(['held'])
    expect(after('resume', 3, 'live')).toEqual(['live'])
    expect(JSON.stringify([...(log.lines?.values() ?? [])])).not.toContain('Text of')
    expect(after('pin', 4, 'live')).toEqual(['live'])
    expect(after('withdraw', 5, 'withdrawn')).toEqual(['withdrawn'])
    expect(after('expire', 6, 'expired')).toEqual([])
  })

  it('do not go back behind the index by an event that is older than it', () => {
    const log = new TakenBackLog()
    log.append(event('hold', 1, 'held'))
    log.load([takenBackOf('a', 'withdrawn', 1)])
    expect(statuses(log)).toEqual([[idOf('a'), 'withdrawn']])
    expect(log.revision).toBe(1)
  })
})
